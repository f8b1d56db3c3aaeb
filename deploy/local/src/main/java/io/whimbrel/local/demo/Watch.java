package io.whimbrel.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;

/** Follows a run to its end: by its stream while that works, by asking when it does not. */
final class Watch {

  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final Set<String> ENDS =
      Set.of("COMPLETED", "REJECTED", "FAILED", "CANCELLED", "ROLLED_BACK", "ROLLBACK_FAILED");

  private final Gateway gateway;
  private final ProgressLine line;

  Watch(Gateway gateway, ProgressLine line) {
    this.gateway = gateway;
    this.line = line;
  }

  /** The finished run. */
  JsonNode untilEnd(String id) throws IOException, InterruptedException {
    try {
      gateway.follow(id, line::show);
    } catch (IOException e) {
      line.note("the stream is not to be had (" + e.getMessage() + "); asking instead");
    }
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      JsonNode run = gateway.run(id).orElse(null);
      if (run != null) {
        if (ENDS.contains(run.path("state").asText())) {
          line.end();
          return run;
        }
        line.show(ProgressLine.merged(run));
      }
      Thread.sleep(500);
    }
    throw new IOException(
        "Run " + id + " has not ended after " + PATIENCE.toMinutes() + " minutes");
  }
}
