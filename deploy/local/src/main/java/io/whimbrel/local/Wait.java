package io.whimbrel.local;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Waiting for a child to be ready: bounded, and over as soon as the child has died. */
final class Wait {

  private static final int LINES_OF_LOG = 15;

  private Wait() {}

  static void until(ChildProcess child, Duration patience, BooleanSupplier ready) {
    long end = System.nanoTime() + patience.toNanos();
    while (!ready.getAsBoolean()) {
      if (!child.alive()) {
        throw new IllegalStateException(child.name() + " ended while it started" + tail(child));
      }
      if (System.nanoTime() > end) {
        throw new IllegalStateException(
            child.name() + " was not ready after " + patience.toSeconds() + " s" + tail(child));
      }
      pause();
    }
  }

  static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting", e);
    }
  }

  static String tail(ChildProcess child) {
    try {
      List<String> lines = Files.readAllLines(child.log());
      List<String> last = lines.subList(Math.max(0, lines.size() - LINES_OF_LOG), lines.size());
      return "; the end of " + child.log() + ":\n" + String.join("\n", last);
    } catch (IOException e) {
      return "; it left no log";
    }
  }
}
