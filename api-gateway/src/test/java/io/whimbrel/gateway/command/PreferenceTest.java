package io.whimbrel.gateway.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreferenceTest {
  private static final Duration LONGEST = Duration.ofMinutes(2);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          wait=30                      | 30
          wait=0                       | 0
          WAIT = 5                     | 5
          wait="7"                     | 7
          respond-async, wait=10       | 10
          wait=121                     | 120
          wait=999999                  | 120
          wait=-1                      | 0
          wait=ten                     | 0
          wait=99999999999999999999999 | 0
          respond-async                | 0
          """)
  void theWaitIsReadAndBounded(String header, long seconds) {
    assertThat(Preference.wait(List.of(header), LONGEST)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void withoutPreferenceNobodyWaits() {
    assertThat(Preference.wait(null, LONGEST)).isZero();
  }
}
