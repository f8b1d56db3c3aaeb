package io.whimbrel.executor.plan.document;

import io.whimbrel.executor.forecast.Estimate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Figures and names as people read them, safe in Markdown. */
final class Words {
  private static final int NAMED = 8;

  private Words() {}

  /** A name as code; whatever it holds, it stays on its line and in its cell. */
  static String code(@Nullable Object name) {
    String text = String.valueOf(name).replace('`', '\'').replace("|", "\\|");
    return "`" + text.replaceAll("\\p{Cntrl}+", " ") + "`";
  }

  /** A sentence that may hold names of others. */
  static String text(String sentence) {
    return sentence.replaceAll("\\p{Cntrl}+", " ").replace("<", "&lt;").replace("|", "\\|").strip();
  }

  /** Text within a fence of code, which it cannot close. */
  static String fenced(String sql) {
    return "```sql\n" + sql.strip().replace("```", "'''") + "\n```\n";
  }

  static String counted(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }

  static String names(Collection<?> names) {
    List<String> some = names.stream().limit(NAMED).map(Words::code).toList();
    int more = names.size() - some.size();
    return String.join(", ", some) + (more > 0 ? " and " + more + " more" : "");
  }

  static String estimate(Estimate estimate) {
    return "about %s (9 of 10 times between %s and %s)"
        .formatted(
            duration(estimate.medianMs()), duration(estimate.lowMs()), duration(estimate.highMs()));
  }

  static String duration(double ms) {
    if (ms < 1000) {
      return Math.round(ms) + " ms";
    }
    double seconds = ms / 1000;
    if (seconds < 90) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    return seconds < 5400
        ? String.format(Locale.ROOT, "%.0f min", seconds / 60)
        : String.format(Locale.ROOT, "%.1f h", seconds / 3600);
  }

  static String bytes(long bytes) {
    if (bytes < 1 << 10) {
      return bytes + " B";
    }
    double amount = bytes;
    String unit = "B";
    for (String next : List.of("kB", "MB", "GB", "TB")) {
      if (amount < 1024) {
        break;
      }
      amount /= 1024;
      unit = next;
    }
    return String.format(Locale.ROOT, "%.1f %s", amount, unit);
  }

  /** A constant of an enum in words. */
  static String words(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  static String list(Collection<String> sentences) {
    return sentences.stream().map(s -> "- " + text(s) + "\n").collect(Collectors.joining());
  }
}
