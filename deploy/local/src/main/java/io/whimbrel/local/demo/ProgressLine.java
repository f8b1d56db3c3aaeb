package io.whimbrel.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.Locale;

/**
 * The progress of a run: one line that is written over on a terminal; elsewhere a line when the
 * state changes, and at most one per second within a state.
 */
final class ProgressLine {

  private static final int WIDTH = 110;
  private static final long SECOND = 1_000_000_000L;

  private final PrintStream out;
  private final boolean terminal;
  private final long start = System.nanoTime();
  private String state = "";
  private String last = "";
  private long printed;

  ProgressLine(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** An event of the run. */
  void show(JsonNode event) {
    String text = text(event);
    String now = event.path("state").asText();
    boolean changed = !now.equals(state);
    if (text.equals(last) || (!terminal && !changed && System.nanoTime() - printed < SECOND)) {
      return;
    }
    state = now;
    last = text;
    printed = System.nanoTime();
    if (terminal) {
      out.print("\r" + fitted(time() + text));
      out.flush();
    } else {
      out.println(time() + text);
    }
  }

  void note(String text) {
    end();
    out.println(time() + text);
  }

  /** What follows begins on a line of its own. */
  void end() {
    if (terminal && !last.isEmpty()) {
      out.println();
      last = "";
    }
  }

  /** A run in the shape of an event. */
  static JsonNode merged(JsonNode run) {
    ObjectNode event = run.deepCopy();
    if (run.path("progress").isObject()) {
      event.setAll((ObjectNode) run.path("progress"));
    }
    return event;
  }

  private static String text(JsonNode event) {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%-13s", event.path("state").asText()));
    if (event.hasNonNull("percent")) {
      text.append(String.format(Locale.ROOT, "%4.0f %% ", event.path("percent").asDouble()));
    }
    append(text, event.path("migration").asText(""));
    if (event.hasNonNull("statement") && event.hasNonNull("of")) {
      append(text, "statement " + event.path("statement") + " of " + event.path("of"));
    }
    JsonNode rows = event.path("rows");
    if (rows.hasNonNull("done")) {
      append(text, Figures.rows(rows));
    }
    if (event.hasNonNull("etaSeconds")) {
      append(text, "ready in " + event.path("etaSeconds").asLong() + " s");
    }
    if (!rows.hasNonNull("done") && !event.hasNonNull("statement")) {
      append(text, event.path("message").asText(""));
    }
    return text.toString().stripTrailing();
  }

  private static void append(StringBuilder text, String part) {
    if (!part.isEmpty()) {
      text.append(' ').append(part).append(' ');
    }
  }

  private String time() {
    return String.format(Locale.ROOT, "%6.1f s  ", (System.nanoTime() - start) / 1e9);
  }

  private static String fitted(String text) {
    String line = text.length() > WIDTH ? text.substring(0, WIDTH - 3) + "..." : text;
    return String.format(Locale.ROOT, "%-" + WIDTH + "s", line);
  }
}
