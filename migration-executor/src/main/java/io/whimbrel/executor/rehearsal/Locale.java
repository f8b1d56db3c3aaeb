package io.whimbrel.executor.rehearsal;

import io.whimbrel.executor.schema.Quoted;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a database writes and sorts text.
 *
 * @param provider c for the operating system, i for ICU, b for PostgreSQL itself
 * @param locale of ICU or PostgreSQL
 * @param rules that ICU's are tailored with
 */
record Locale(
    String encoding,
    String collate,
    String ctype,
    String provider,
    @Nullable String locale,
    @Nullable String rules) {

  // By way of JSON, as the columns have other names in 15 and 16 and the last one is not in 15.
  private static final String SQL =
      """
      SELECT pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, d.datctype,
        coalesce(j.row->>'datlocprovider', 'c'),
        coalesce(j.row->>'datlocale', j.row->>'daticulocale'), j.row->>'daticurules'
      FROM pg_catalog.pg_database d, LATERAL (SELECT to_jsonb(d)) AS j (row)
      WHERE d.datname = pg_catalog.current_database()
      """;

  /** Of the database that a connection leads to. */
  static Locale of(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(SQL)) {
      row.next();
      return new Locale(
          row.getString(1),
          row.getString(2),
          row.getString(3),
          row.getString(4),
          row.getString(5),
          row.getString(6));
    }
  }

  /** For CREATE DATABASE. */
  String clauses() {
    String clauses =
        " ENCODING %s LC_COLLATE %s LC_CTYPE %s"
            .formatted(Quoted.literal(encoding), Quoted.literal(collate), Quoted.literal(ctype));
    String name = Quoted.literal(Objects.requireNonNullElse(locale, ""));
    return switch (provider) {
      case "i" ->
          clauses
              + " LOCALE_PROVIDER icu ICU_LOCALE "
              + name
              + (rules == null ? "" : " ICU_RULES " + Quoted.literal(rules));
      case "b" -> clauses + " LOCALE_PROVIDER builtin BUILTIN_LOCALE " + name;
      default -> clauses + " LOCALE_PROVIDER libc";
    };
  }
}
