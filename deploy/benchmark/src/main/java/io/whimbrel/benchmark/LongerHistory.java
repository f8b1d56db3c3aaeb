package io.whimbrel.benchmark;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * Makes the history of the monitoring service longer: what it has taken is copied, as if it had
 * come on days before and told of runs before. The copies have ids and times of their own, in the
 * payload as well; figures of days are added up by the triggers of the service.
 *
 * @param connection to its database
 * @param logged how many days its log has
 * @param told how many days its runs are spread over
 */
record LongerHistory(Connection connection, int logged, int told) {
  private static final List<String> LOGGED = List.of("recorded_at", "first_seen", "last_seen");
  private static final List<String> NAMES = List.of("event_id", "deduplication_key");

  /** Makes it so many times as long. */
  void times(int factor) throws SQLException {
    String began = text("select min(recorded_at) from event_log");
    String first = text("select min(occurred_at) from event_log");
    for (int copy = 1; copy < factor; copy++) {
      try (Statement statement = connection.createStatement()) {
        for (int day = 0; day < logged; day++) {
          statement.execute(
              "select event_log_ensure((timestamptz '%s' at time zone 'UTC')::date - %d + %d)"
                  .formatted(began, copy * logged, day));
        }
        statement.execute(copied("event_log", copy) + " where recorded_at >= '" + began + "'");
        statement.execute(copied("run_picture", copy) + " where first_seen >= '" + began + "'");
        statement.execute(copied("alert", copy) + " where raised_at >= '" + first + "'");
      }
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute("update event_count set events = events * " + factor);
      statement.execute("update alert_count set alerts = alerts * " + factor);
    }
  }

  private String text(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rs = statement.executeQuery(query)) {
      rs.next();
      return rs.getString(1);
    }
  }

  private String copied(String table, int copy) throws SQLException {
    List<String> names = new ArrayList<>();
    StringJoiner values = new StringJoiner(", ");
    try (PreparedStatement columns =
        connection.prepareStatement(
            """
            select column_name, data_type from information_schema.columns
            where table_schema = 'public' and table_name = ? and is_generated = 'NEVER'
              and column_name <> 'position'
            order by ordinal_position
            """)) {
      columns.setString(1, table);
      try (ResultSet rs = columns.executeQuery()) {
        while (rs.next()) {
          names.add(rs.getString(1));
          values.add(value(rs.getString(1), rs.getString(2), copy));
        }
      }
    }
    return "insert into %s (%s) select %s from %1$s"
        .formatted(table, String.join(", ", names), values);
  }

  private String value(String column, String type, int copy) {
    if (type.equals("uuid")) {
      return id(column, copy);
    }
    if (LOGGED.contains(column)) {
      return column + " - interval '%d days'".formatted(copy * logged);
    }
    if (type.startsWith("timestamp")) {
      return earlier(column, copy);
    }
    if (NAMES.contains(column)) {
      return column + " || '~" + copy + "'";
    }
    return type.equals("json")
        ? "coalesce(replace(replace(%s::text, run_id::text, %s::text), %s, %s), %1$s::text)::json"
            .formatted(
                column, id("run_id", copy), day("occurred_at"), day(earlier("occurred_at", copy)))
        : column;
  }

  private static String id(String column, int copy) {
    return "md5(%s::text || '~%d')::uuid".formatted(column, copy);
  }

  private String earlier(String column, int copy) {
    return column + " - interval '%d days'".formatted(copy * told);
  }

  private static String day(String time) {
    return "'\"at\":\"' || to_char((%s) at time zone 'UTC', 'YYYY-MM-DD')".formatted(time);
  }
}
