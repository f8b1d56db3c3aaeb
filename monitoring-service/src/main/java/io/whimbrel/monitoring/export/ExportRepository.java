package io.whimbrel.monitoring.export;

import io.quarkus.narayana.jta.runtime.TransactionConfiguration;
import io.whimbrel.monitoring.export.RowWriter.Column;
import io.whimbrel.monitoring.export.RowWriter.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/**
 * Reads by a cursor, some rows at a time, so that an export takes the same memory whatever its
 * size. If the reader goes away, the cursor goes with it.
 */
@ApplicationScoped
public class ExportRepository {
  private static final int CHUNK = 1_000;
  private static final int LONGEST_SECONDS = 6 * 3_600;

  private final Jdbi jdbi;

  ExportRepository(DataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  /** What to export; what is null does not restrict. */
  public record Wanted(
      Subject subject, @Nullable Instant from, @Nullable Instant to, @Nullable String target) {}

  @Transactional
  @TransactionConfiguration(timeout = LONGEST_SECONDS)
  public void write(Wanted wanted, Format format, Writer out) {
    RowWriter writer = format.writer(out);
    jdbi.useHandle(
        handle ->
            handle
                .createQuery(wanted.subject().query())
                .bind("from", wanted.from())
                .bind("to", wanted.to())
                .bind("target", wanted.target())
                .setFetchSize(CHUNK)
                .scanResultSet(
                    (rows, ctx) -> {
                      try (ResultSet rs = rows.get()) {
                        write(rs, writer);
                      } catch (IOException e) {
                        throw new UncheckedIOException(e);
                      }
                      return true;
                    }));
  }

  private static void write(ResultSet rs, RowWriter writer) throws SQLException, IOException {
    ResultSetMetaData data = rs.getMetaData();
    List<Column> columns = new ArrayList<>();
    for (int i = 1; i <= data.getColumnCount(); i++) {
      columns.add(new Column(data.getColumnLabel(i), kind(data.getColumnTypeName(i))));
    }
    writer.begin(columns);
    while (rs.next()) {
      List<@Nullable String> values = new ArrayList<>(columns.size());
      for (int i = 1; i <= columns.size(); i++) {
        values.add(value(rs, i, data.getColumnTypeName(i)));
      }
      writer.row(values);
    }
    writer.end();
  }

  private static @Nullable String value(ResultSet rs, int column, String type) throws SQLException {
    if (!type.equals("timestamptz")) {
      return rs.getString(column);
    }
    OffsetDateTime time = rs.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant().toString();
  }

  private static Kind kind(String type) {
    return switch (type) {
      case "int4", "int8", "serial", "bigserial" -> Kind.NUMBER;
      case "bool" -> Kind.BOOLEAN;
      case "json" -> Kind.JSON;
      default -> Kind.TEXT;
    };
  }
}
