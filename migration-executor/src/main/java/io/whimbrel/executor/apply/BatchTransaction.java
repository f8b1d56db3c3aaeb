package io.whimbrel.executor.apply;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The transactions of a script in batches. One message holds BEGIN, the fence, the settings, the
 * batch's statement and the query for the next batch's keys; the checkpoint and COMMIT follow. What
 * throws leaves an open transaction, which the caller rolls back.
 */
final class BatchTransaction {

  // A table without statistics, as after its first load, would be read and sorted as a whole for
  // every batch, while the key's index has the rows in order.
  private static final String BY_INDEX =
      "select set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off',"
          + " true), set_config('enable_sort', 'off', true)";
  private static final List<String> AS_BEFORE =
      List.of(
          "set local enable_seqscan to default",
          "set local enable_bitmapscan to default",
          "set local enable_sort to default");

  private final Application application;
  private final Connection connection;
  private final RangedStatement ranged;
  private final BatchKey key;
  private final String searchPath;
  private final List<String> opening = new ArrayList<>();

  /**
   * @param searchPath as the script's statement is to have it
   */
  BatchTransaction(
      Application application, RangedStatement ranged, BatchKey key, String searchPath) {
    this.application = application;
    this.connection = application.session().connection();
    this.ranged = ranged;
    this.key = key;
    this.searchPath = searchPath;
  }

  /**
   * What a batch came to.
   *
   * @param rows of the table within the range
   * @param changed by the statement
   * @param key what was asked for the way on
   */
  record Result(long rows, long changed, @Nullable KeyValue key) {}

  /** Begins with the next message. */
  void begin(Duration lockTimeout) throws SQLException {
    connection.setAutoCommit(false);
    opening.clear();
    opening.addAll(application.session().fence());
    opening.add(
        "select "
            + SessionSettings.timeouts(lockTimeout, application.timeouts(), true)
            + ", "
            + setting("search_path", searchPath));
  }

  /** The first so many rows of a range; all of it, not counted, if it has fewer. */
  KeyRange first(KeyRange range, int rows) throws SQLException, StaleFence {
    List<String> message = opened();
    int at = addNth(message, range, rows);
    return part(range, send(message).get(at).key(), rows);
  }

  /** Runs the statement for a range, and finds the first rows of what comes behind it. */
  Result run(KeyRange range, KeyRange rest, int rows) throws SQLException, StaleFence {
    List<String> message = opened();
    int at = message.size();
    message.add(ranged.between(range));
    int next = addNth(message, rest, rows);
    List<Answer> answers = send(message);
    return new Result(range.rows(), answers.get(at).changed(), answers.get(next).key());
  }

  /** Runs the statement for the last range, and finds the greatest key behind it. */
  Result runLast(KeyRange range) throws SQLException, StaleFence {
    List<String> message = opened();
    int at = message.size();
    message.add(key.count(range));
    message.add(ranged.between(range));
    message.add(key.greatestAbove(range.upTo()));
    List<Answer> answers = send(message);
    return new Result(
        answers.get(at).number(), answers.get(at + 1).changed(), answers.get(at + 2).key());
  }

  /** The part of a range that ends with a key; all of it, not counted, if there is none. */
  static KeyRange part(KeyRange range, @Nullable KeyValue upTo, long rows) {
    return upTo == null ? range : new KeyRange(range.key(), range.above(), upTo, rows);
  }

  private List<String> opened() {
    List<String> message = new ArrayList<>(opening);
    opening.clear();
    return message;
  }

  private int addNth(List<String> message, KeyRange range, int rows) {
    message.add(BY_INDEX);
    int at = message.size();
    message.add(key.nth(range, rows));
    message.addAll(AS_BEFORE);
    return at;
  }

  /** What one statement of a message was answered with. */
  private record Answer(long changed, @Nullable List<String> row) {

    @Nullable KeyValue key() {
      return row == null ? null : new KeyValue(row);
    }

    long number() {
      return row == null ? 0 : Long.parseLong(row.get(0));
    }
  }

  private List<Answer> send(List<String> message) throws SQLException, StaleFence {
    try {
      return StatementRun.attended(application, () -> answers(String.join("\n;\n", message)));
    } catch (SQLException e) {
      if (SqlStates.DIVISION_BY_ZERO.equals(SqlStates.of(e))) {
        application.session().rollback();
        application.session().begin();
      }
      throw e;
    }
  }

  private List<Answer> answers(String message) throws SQLException {
    List<Answer> answers = new ArrayList<>();
    try (java.sql.Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      boolean rows = statement.execute(message);
      while (rows || statement.getLargeUpdateCount() >= 0) {
        answers.add(
            rows
                ? new Answer(0, firstRow(statement))
                : new Answer(statement.getLargeUpdateCount(), null));
        rows = statement.getMoreResults();
      }
    }
    return answers;
  }

  private static @Nullable List<String> firstRow(java.sql.Statement statement) throws SQLException {
    try (ResultSet result = statement.getResultSet()) {
      int columns = result.getMetaData().getColumnCount();
      if (columns == 0 || !result.next()) {
        return null;
      }
      List<String> row = new ArrayList<>();
      for (int i = 1; i <= columns; i++) {
        String value = result.getString(i);
        row.add(value == null ? "" : value);
      }
      return row;
    }
  }

  private static String setting(String name, String value) {
    return "set_config(" + Sql.literal(name) + ", " + Sql.literal(value) + ", true)";
  }
}
