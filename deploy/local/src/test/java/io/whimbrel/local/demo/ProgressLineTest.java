package io.whimbrel.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressLineTest {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  @Test
  void aBatchShowsRowsRateAndWhatIsLeft() throws Exception {
    line(false)
        .show(
            new ObjectMapper()
                .readTree(
                    """
                    {"state": "APPLYING", "percent": 25.0, "migration": "V1__A.sql",
                     "rows": {"done": 250000, "total": 1000000, "perSecond": 20000.4},
                     "etaSeconds": 38}\
                    """));
    assertThat(shown())
        .contains("APPLYING")
        .contains("25 %")
        .contains("V1__A.sql")
        .contains("250,000 of 1,000,000 rows, 20,000 rows/s")
        .contains("ready in 38 s");
  }

  @Test
  void withoutATerminalAStateHasItsLineAndWhatFollowsAtOnceHasNone() throws Exception {
    ProgressLine line = line(false);
    for (String state : new String[] {"PLANNED", "APPLYING", "APPLYING", "COMPLETED"}) {
      line.show(
          new ObjectMapper()
              .readTree("{\"state\": \"" + state + "\", \"message\": \"" + bytes.size() + "\"}"));
    }
    assertThat(shown().lines()).hasSize(3);
  }

  @Test
  void onATerminalALineIsWrittenOver() throws Exception {
    ProgressLine line = line(true);
    line.show(new ObjectMapper().readTree("{\"state\": \"PLANNED\"}"));
    line.show(new ObjectMapper().readTree("{\"state\": \"APPLYING\"}"));
    line.end();
    assertThat(shown()).startsWith("\r").containsOnlyOnce("\n").contains("APPLYING");
  }

  private ProgressLine line(boolean terminal) {
    return new ProgressLine(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal);
  }

  private String shown() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
