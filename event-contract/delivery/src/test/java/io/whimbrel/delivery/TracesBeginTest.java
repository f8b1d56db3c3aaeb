package io.whimbrel.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TracesBeginTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PLACE = "00-" + TRACE + "-b7ad6b7169203331-01";

  @ParameterizedTest
  @EnumSource(
      value = SpanKind.class,
      names = {"SERVER", "CONSUMER"})
  void aRequestOrAnEventBeginsATraceIfTheSamplerThatIsConfiguredWantsIt(SpanKind kind) {
    assertThat(decision(Sampler.alwaysOn(), Context.root(), kind))
        .isEqualTo(SamplingDecision.RECORD_AND_SAMPLE);
    assertThat(decision(Sampler.alwaysOff(), Context.root(), kind))
        .isEqualTo(SamplingDecision.DROP);
  }

  @ParameterizedTest
  @EnumSource(
      value = SpanKind.class,
      names = {"SERVER", "CONSUMER"},
      mode = EnumSource.Mode.EXCLUDE)
  void whatElseIsDoneBeginsNoTraceButBelongsToOne(SpanKind kind) {
    assertThat(decision(Sampler.alwaysOn(), Context.root(), kind)).isEqualTo(SamplingDecision.DROP);
    assertThat(decision(Sampler.alwaysOn(), Trace.context(PLACE), kind))
        .isEqualTo(SamplingDecision.RECORD_AND_SAMPLE);
    assertThat(decision(Sampler.alwaysOff(), Trace.context(PLACE), kind))
        .isEqualTo(SamplingDecision.DROP);
  }

  private static SamplingDecision decision(Sampler configured, Context parent, SpanKind kind) {
    return TracesBegin.sampler(configured)
        .shouldSample(parent, TRACE, "any", kind, Attributes.empty(), List.of())
        .getDecision();
  }
}
