package io.whimbrel.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.ValidateResult;

/** A target's {@code flyway_schema_history}, and what Flyway itself makes of it. */
final class History {
  private final TestTarget target;

  private History(TestTarget target) {
    this.target = target;
  }

  /** A row of the history. */
  record Row(int rank, String version, String type, String script, boolean success) {
    boolean undoes() {
      return type.equals("DELETE") || type.equals("UNDO_SQL");
    }

    boolean versioned() {
      return type.equals("SQL") && !version.equals("null");
    }
  }

  static History of(TestTarget target) {
    return new History(target);
  }

  List<Row> rows() {
    if (!target.hasTable("flyway_schema_history")) {
      return List.of();
    }
    try (Connection connection = target.connect();
        Statement statement = connection.createStatement();
        ResultSet rs =
            statement.executeQuery("select * from flyway_schema_history order by installed_rank")) {
      List<Row> rows = new ArrayList<>();
      while (rs.next()) {
        rows.add(
            new Row(
                rs.getInt("installed_rank"),
                String.valueOf(rs.getString("version")),
                rs.getString("type"),
                rs.getString("script"),
                rs.getBoolean("success")));
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** The versions that are applied now; fails if one was applied twice or has failed. */
  Set<String> applied() {
    Set<String> applied = new TreeSet<>();
    for (Row row : rows()) {
      assertThat(row.success()).as("success of %s", row).isTrue();
      if (row.undoes()) {
        assertThat(applied.remove(row.version())).as("%s takes back what is there", row).isTrue();
      } else if (row.versioned()) {
        assertThat(applied.add(row.version())).as("%s is applied once", row).isTrue();
      }
    }
    return applied;
  }

  /** Flyway finds the target valid, with exactly these versions pending. */
  void flywayAgrees(String... pending) {
    flywayAgrees(List.of("filesystem:" + target.catalogue()), pending);
  }

  private void flywayAgrees(List<String> locations, String... pending) {
    Flyway flyway =
        Flyway.configure()
            .dataSource(target.url(), TestTarget.OWNER, target.password())
            .locations(locations.toArray(String[]::new))
            .baselineOnMigrate(true)
            .baselineVersion("0")
            .ignoreMigrationPatterns("*:pending")
            .load();
    ValidateResult result = flyway.validateWithResult();
    assertThat(result.validationSuccessful).as(result.getAllErrorMessages()).isTrue();
    assertThat(
            Arrays.stream(flyway.info().pending())
                .map(migration -> String.valueOf(migration.getVersion())))
        .containsExactly(pending);
  }
}
