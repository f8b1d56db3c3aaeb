package io.whimbrel.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.context.Context;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceTest {
  private static final String PLACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @Test
  void aPlaceIsTheSameAfterItWasKept() {
    assertThat(Trace.of(Trace.context(PLACE))).isEqualTo(PLACE);
    assertThat(Trace.of(Context.root())).isNull();
    assertThat(Trace.of(Trace.context(null))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "no place", "00-0af7-b7ad-01", "00-é-b7ad6b7169203331-01"})
  void whatIsNoPlaceIsInNoTrace(String text) {
    assertThat(Trace.of(Trace.context(text))).isNull();
  }

  @Test
  void placesOfOneTraceAreToldFromThoseOfAnother() {
    assertThat(Trace.same(PLACE, PLACE.replace("b7ad6b7169203331", "00f067aa0ba902b7"))).isTrue();
    assertThat(Trace.same(PLACE, PLACE.replace("0af765", "1af765"))).isFalse();
  }
}
