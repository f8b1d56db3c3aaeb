package io.whimbrel.delivery;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Carries traces on where the work leaves its thread. While tracing is off nothing of it happens,
 * and no trace is looked up.
 */
@ApplicationScoped
public class Traces {
  private final Tracer tracer;
  private final boolean off;

  Traces(
      OpenTelemetry telemetry,
      @ConfigProperty(name = "quarkus.otel.sdk.disabled", defaultValue = "false") boolean off) {
    this.tracer = telemetry.getTracer("io.whimbrel");
    this.off = off;
  }

  /** Without tracing, for what is used without a container. */
  public static Traces none() {
    return new Traces(OpenTelemetry.noop(), true);
  }

  /** Where the calling thread is, to be kept; null if it is in no trace, or tracing is off. */
  public @Nullable String here() {
    return off ? null : Trace.of(Context.current());
  }

  /**
   * Where the calling thread is if that is in the given trace, and otherwise the place given.
   *
   * @param trace null if there is none; then where the calling thread is
   */
  @Nullable String hereWithin(@Nullable String trace) {
    String here = here();
    boolean within = trace == null || (here != null && Trace.same(here, trace));
    return off || within ? here : trace;
  }

  /** Does the work at the given place of a trace, if there is one. */
  public void within(@Nullable String trace, Runnable work) {
    if (off || trace == null) {
      work.run();
    } else {
      Trace.context(trace).wrap(work).run();
    }
  }

  /**
   * Begins a span in the trace of the calling thread; nothing if it is in none.
   *
   * @param attributes bounded, and without values of a target
   */
  public Part begin(String name, Attributes attributes) {
    return off ? Part.NONE : begin(name, attributes, Context.current());
  }

  /**
   * Begins a span in a trace that was kept; nothing if there is none.
   *
   * @param trace asked for while tracing is on alone
   */
  public Part begin(String name, Attributes attributes, Supplier<Optional<String>> trace) {
    return off ? Part.NONE : begin(name, attributes, Trace.context(trace.get().orElse(null)));
  }

  @SuppressWarnings("MustBeClosedChecker") // the part closes it
  private Part begin(String name, Attributes attributes, Context parent) {
    if (!Span.fromContext(parent).getSpanContext().isValid()) {
      return Part.NONE;
    }
    Span span = tracer.spanBuilder(name).setParent(parent).setAllAttributes(attributes).startSpan();
    return new Part(span, parent.with(span).makeCurrent());
  }

  /** A span of the calling thread, from its begin until it is closed by the same thread. */
  public static final class Part implements AutoCloseable {
    private static final Part NONE = new Part(Span.getInvalid(), Scope.noop());

    private final Span span;
    private final Scope scope;

    private Part(Span span, Scope scope) {
      this.span = span;
      this.scope = scope;
    }

    /**
     * Says that it failed.
     *
     * @param why without a message of a database, which may hold statements and their values
     */
    public void failed(String why) {
      span.setStatus(StatusCode.ERROR, why);
    }

    @Override
    public void close() {
      scope.close();
      span.end();
    }
  }

  /** The sending of an event, to be ended by the caller; invalid if the event is in no trace. */
  Span sending(String topic, @Nullable String eventId, @Nullable String trace) {
    Context parent = Trace.context(off ? null : trace);
    if (eventId == null || !Span.fromContext(parent).getSpanContext().isValid()) {
      return Span.getInvalid();
    }
    return tracer
        .spanBuilder("send " + topic)
        .setSpanKind(SpanKind.PRODUCER)
        .setParent(parent)
        .setAttribute("messaging.system", "kafka")
        .setAttribute("messaging.operation.type", "send")
        .setAttribute("messaging.destination.name", topic)
        .setAttribute("messaging.message.id", eventId)
        .startSpan();
  }
}
