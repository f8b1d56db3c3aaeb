package io.whimbrel.executor.apply;

import io.whimbrel.executor.catalog.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What waits to be sent to PostgreSQL in one message, and for whom each part of it is. */
final class Message {

  /** A message has to fit the buffers of both sides, as nobody reads answers while it is sent. */
  private static final int LONGEST = 32_000;

  private static final int MOST_PARTS = 150;

  /** Statements that return no rows, unless they say RETURNING. */
  private static final Set<String> WITHOUT_ROWS =
      Set.of(
          "ALTER",
          "COMMENT",
          "CREATE",
          "DELETE",
          "DO",
          "DROP",
          "GRANT",
          "INSERT",
          "REVOKE",
          "SET",
          "TRUNCATE",
          "UPDATE");

  private final List<Part> parts = new ArrayList<>();
  private int length;

  /**
   * One statement.
   *
   * @param statement of the script, which its failure belongs to
   * @param of whose script
   */
  record Part(String sql, Kind kind, @Nullable Statement statement, Application of) {

    /** Whether it stands in a script or a callback. */
    boolean ofAuthor() {
      return kind == Kind.SCRIPT || kind == Kind.CALLBACK;
    }
  }

  enum Kind {
    FENCE,
    SETTING,
    SCRIPT,
    CALLBACK,
    HISTORY,
    WAL
  }

  /** Whether a statement can share a message: without data of COPY, and without rows. */
  static boolean canTake(Statement statement) {
    return statement.copyData() == null
        && WITHOUT_ROWS.stream().anyMatch(statement::begins)
        && statement.tokens().stream().noneMatch(token -> token.is("RETURNING"));
  }

  void add(Part part) {
    parts.add(part);
    length += part.sql().length();
  }

  boolean isEmpty() {
    return parts.isEmpty();
  }

  boolean isFullFor(Statement next) {
    return parts.size() >= MOST_PARTS || length + next.sql().length() > LONGEST;
  }

  boolean holdsScript() {
    return parts.stream().anyMatch(part -> part.kind() == Kind.SCRIPT);
  }

  /** All that waits, which then waits no more. */
  List<Part> take() {
    List<Part> taken = List.copyOf(parts);
    parts.clear();
    length = 0;
    return taken;
  }
}
