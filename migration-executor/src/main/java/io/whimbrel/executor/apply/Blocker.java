package io.whimbrel.executor.apply;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A session that holds a lock we wait for.
 *
 * @param application empty if the session has not said
 * @param age of its transaction; null if our role may not see it
 */
public record Blocker(int pid, String application, @Nullable Duration age) {

  /** For messages: {@code pid 4711 (reporting), in its transaction for 312 s}. */
  @Override
  public String toString() {
    String who = "pid " + pid + (application.isEmpty() ? "" : " (" + application + ")");
    return age == null ? who : who + ", in its transaction for " + age.toSeconds() + " s";
  }
}
