package io.whimbrel.executor.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.RunError;
import io.whimbrel.event.RunStateName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads runs from rows of their table, whose larger parts are JSON. */
final class RunRow {
  private final ObjectMapper json;

  RunRow(ObjectMapper json) {
    this.json = json;
  }

  Run run(ResultSet rs) throws SQLException {
    return new Run(
        rs.getObject("run_id", UUID.class),
        readRequired(rs, "request", MigrationRequested.class),
        RunStateName.valueOf(rs.getString("state")),
        rs.getBoolean("active"),
        rs.getLong("sequence"),
        rs.getLong("token"),
        rs.getString("source"),
        RunWishes.wish(rs),
        rs.getString("trace"),
        rs.getBoolean("may_lose_data"),
        rs.getObject("requested_at", OffsetDateTime.class).toInstant(),
        instant(rs, "started_at"),
        instant(rs, "finished_at"),
        read(rs, "plan", RunPlan.class),
        read(rs, "validation_before", ValidationOutcome.class),
        read(rs, "validation_after", ValidationOutcome.class),
        read(rs, "backup", BackupReference.class),
        read(rs, "rollback", RollbackOutcome.class),
        read(rs, "progress", RunProgress.class),
        read(rs, "error", RunError.class));
  }

  private static @Nullable Instant instant(ResultSet rs, String column) throws SQLException {
    OffsetDateTime time = rs.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private <T> T readRequired(ResultSet rs, String column, Class<T> as) throws SQLException {
    T value = read(rs, column, as);
    if (value == null) {
      throw new IllegalStateException("a run without " + column);
    }
    return value;
  }

  private <T> @Nullable T read(ResultSet rs, String column, Class<T> as) throws SQLException {
    String text = rs.getString(column);
    try {
      return text == null ? null : json.readValue(text, as);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("column " + column + " of a run cannot be read", e);
    }
  }
}
