package io.whimbrel.executor.apply;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Field;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Query;
import org.postgresql.core.QueryExecutor;
import org.postgresql.core.ResultCursor;
import org.postgresql.core.ResultHandlerBase;
import org.postgresql.core.SqlCommand;
import org.postgresql.core.Tuple;

/**
 * Sends several statements in one message and waits once. PostgreSQL passes over all that follow
 * one that fails, so the number of answers names it; JDBC's own batches keep that number to
 * themselves, which is why this speaks to the driver's executor. It never sends COMMIT.
 */
final class Pipeline {

  private static final int FLAGS =
      QueryExecutor.QUERY_ONESHOT | QueryExecutor.QUERY_NO_BINARY_TRANSFER;

  private Pipeline() {}

  /**
   * What came back.
   *
   * @param completed how many statements succeeded; the next one is the one that failed
   * @param counts the rows that each of them changed, in their order
   * @param texts the first column of the last row that came back from each of them
   */
  record Answer(
      int completed,
      List<Long> counts,
      List<@Nullable String> texts,
      @Nullable SQLException failure) {

    /** That of the last statement. */
    @Nullable String text() {
      return texts.isEmpty() ? null : texts.get(texts.size() - 1);
    }
  }

  /** Sends single statements; what they return as rows is kept in memory for a moment. */
  static Answer send(Connection connection, List<String> statements) throws SQLException {
    BaseConnection driver = connection.unwrap(BaseConnection.class);
    QueryExecutor executor = driver.getQueryExecutor();
    Query message =
        executor.wrap(
            statements.stream()
                .map(sql -> new NativeQuery(sql, null, false, SqlCommand.BLANK))
                .toList());
    Answers answers = new Answers();
    int begin = connection.getAutoCommit() ? QueryExecutor.QUERY_SUPPRESS_BEGIN : 0;
    try {
      executor.execute(message, null, answers, 0, 0, FLAGS | begin);
      return answers.end(null);
    } catch (SQLException e) {
      return answers.end(e);
    } finally {
      message.close();
    }
  }

  private static final class Answers extends ResultHandlerBase {

    private final List<Long> counts = new ArrayList<>();
    private final List<@Nullable String> texts = new ArrayList<>();

    @Override
    public void handleCommandStatus(String status, long updateCount, long insertOid) {
      counts.add(Math.max(0, updateCount));
      texts.add(null);
    }

    @Override
    public void handleResultRows(
        Query from, Field[] fields, List<Tuple> rows, @Nullable ResultCursor cursor) {
      counts.add(0L);
      byte[] first = rows.isEmpty() ? null : rows.get(rows.size() - 1).get(0);
      texts.add(first == null ? null : new String(first, StandardCharsets.UTF_8));
    }

    @Override
    public void handleWarning(SQLWarning warning) {
      // Notices of a script concern nobody but its author, who sees them with psql.
    }

    Answer end(@Nullable SQLException failure) {
      return new Answer(counts.size(), List.copyOf(counts), texts, failure);
    }
  }
}
