package io.whimbrel.monitoring.alert;

import io.whimbrel.event.RunError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says why in words that are safe to pass on. */
final class Why {
  private static final int LONGEST = 300;

  private Why() {}

  /**
   * Continues a sentence: "in V2__users.sql, statement 3, line 14, with SQLSTATE 23505". What
   * PostgreSQL said itself is left out, since it can quote values and statements; a message without
   * SQLSTATE is Whimbrel's own.
   */
  static String of(@Nullable RunError error) {
    if (error == null) {
      return "for a reason its history tells";
    }
    StringBuilder why = new StringBuilder();
    if (error.script() != null) {
      why.append("in ").append(plain(error.script()));
      why.append(error.statement() == null ? "" : ", statement " + error.statement());
      why.append(error.line() == null ? "" : ", line " + error.line());
      why.append(", ");
    }
    why.append(
        error.sqlState() == null
            ? "saying: " + plain(error.message())
            : "with SQLSTATE " + plain(error.sqlState()));
    List<String> blockers = error.blockers();
    if (blockers != null && !blockers.isEmpty()) {
      why.append(", while it waited for ").append(plain(String.join("; ", blockers)));
    }
    return why.toString();
  }

  /** One line of bounded length that any database and any log can take. */
  static String plain(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\p{Cs}]+", " ").strip();
    String cut = line.length() > LONGEST ? line.substring(0, LONGEST) + "..." : line;
    return cut.endsWith(".") && !cut.endsWith("...") ? cut.substring(0, cut.length() - 1) : cut;
  }
}
