package io.whimbrel.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * A place in a trace as text, which goes where no thread goes: into the database, over restarts and
 * into other services. The text is the {@code traceparent} of W3C Trace Context.
 */
public final class Trace {
  /** The header that instruments of Kafka read: the last place on the way of a record. */
  static final String HEADER = "traceparent";

  /** The extension attribute "distributed tracing" of CloudEvents: where the event came about. */
  static final String ATTRIBUTE = "ce_traceparent";

  private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();

  private Trace() {}

  /** Where a record was sent; null if it does not say. */
  public static @Nullable String of(ConsumerRecord<?, ?> record) {
    Header header = record.headers().lastHeader(HEADER);
    return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
  }

  /** Null if the context is in no trace. */
  static @Nullable String of(Context context) {
    Map<String, String> carrier = new HashMap<>();
    W3C.inject(context, carrier, (to, name, value) -> carrier.put(name, value));
    return carrier.get(HEADER);
  }

  /** The context of a place; one in no trace if the text is none of a place. */
  static Context context(@Nullable String trace) {
    return trace == null ? Context.root() : W3C.extract(Context.root(), trace, GETTER);
  }

  /** Whether both are places in the same trace. */
  static boolean same(String one, String other) {
    return id(context(one)).equals(id(context(other)));
  }

  private static String id(Context context) {
    return Span.fromContext(context).getSpanContext().getTraceId();
  }

  private static final TextMapGetter<String> GETTER =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String trace) {
          return List.of(HEADER);
        }

        @Override
        public @Nullable String get(@Nullable String trace, String key) {
          return key.equals(HEADER) ? trace : null;
        }
      };
}
