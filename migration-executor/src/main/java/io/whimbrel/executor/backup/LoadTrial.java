package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.backup.BackupInvalid.Reason;
import io.whimbrel.executor.backup.BackupManifest.Constraint;
import io.whimbrel.executor.backup.BackupManifest.Whole;
import io.whimbrel.executor.catalog.Statements;
import io.whimbrel.executor.schema.Quoted;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Loads a backup into an empty database and compares what is there then: the rows of every table by
 * number and hash, and the structure fact by fact.
 *
 * <p>Owners, rights and publications are not compared, as the role of a scratch database may not
 * give things away. A foreign key to a table that the backup does not hold is left out.
 */
final class LoadTrial {
  private static final Set<String> NOT_COMPARED =
      Set.of("right", "default rights", "published table");
  private static final int NAMED = 5;

  private final Connection scratch;
  private final BackupManifest manifest;
  private final StoredFiles files;
  private final List<String> refused = new ArrayList<>();

  private LoadTrial(Connection scratch, BackupManifest manifest, StoredFiles files) {
    this.scratch = scratch;
    this.manifest = manifest;
    this.files = files;
  }

  /**
   * Loads a backup that was read and found to be what was written.
   *
   * @param scratch to an empty database, in autocommit mode
   * @throws BackupInvalid if what is there afterwards is not what the backup says
   */
  static void of(Connection scratch, BackupManifest manifest, StoredFiles files)
      throws SQLException, BackupInvalid {
    var trial = new LoadTrial(scratch, manifest, files);
    try {
      trial.structure();
      scratch.setAutoCommit(false);
      TextSettings.set(scratch);
      trial.rows();
      trial.compare();
      scratch.rollback();
    } catch (RestoreFailed e) {
      throw trial.invalid(e.getMessage(), e);
    } catch (SQLException e) {
      if (isOfTheData(e)) {
        throw trial.invalid("PostgreSQL refuses its rows: " + e.getMessage(), e);
      }
      throw e;
    } catch (IOException e) {
      throw new BackupInvalid(Reason.UNREADABLE, "the backup cannot be read: " + e, e);
    }
  }

  /** A value that its type, or a row that a constraint does not let in. */
  private static boolean isOfTheData(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("22") || state.startsWith("23");
  }

  /** A role of the target that is not there, or that may not own things, does not matter here. */
  private void structure() throws SQLException, IOException {
    String script = new String(files.read(BackupFiles.SCHEMA), StandardCharsets.UTF_8);
    for (io.whimbrel.executor.catalog.Statement part : Statements.of("schema.sql", script)) {
      try {
        execute(part.sql());
      } catch (SQLException e) {
        if (scratch.isClosed()) {
          throw e;
        }
        refused.add("line " + part.line() + " of schema.sql: " + e.getMessage());
      }
    }
    execute("RESET ALL");
    Whole whole = manifest.whole();
    if (whole != null) {
      for (String statement : whole.bookkeeping()) {
        execute(statement);
      }
    }
  }

  private void rows() throws SQLException, BackupInvalid, RestoreFailed {
    Set<TableName> held = new HashSet<>(manifest.tableNames());
    Set<TableName> made = TableCatalog.shapes(scratch, held).keySet();
    for (BackupManifest.Table table : manifest.tables()) {
      if (table.file() != null && !made.contains(table.name())) {
        throw invalid("the table " + table.name() + " could not be made", null);
      }
    }
    ParkedConstraints.drop(scratch, ParkedConstraints.find(scratch, held));
    var contents = new ContentRestore(scratch, manifest, files);
    contents.load(contents.all());
    for (Constraint constraint : manifest.constraints()) {
      if (isCheckable(constraint, held)) {
        attempt(ParkedConstraints.adding(constraint));
      }
    }
  }

  /** Whether what a row must point to is in the backup. */
  private static boolean isCheckable(Constraint constraint, Set<TableName> held) {
    return constraint.of() == null
        || held.contains(constraint.of())
        || !held.contains(constraint.table());
  }

  private void compare() throws SQLException, IOException, BackupInvalid {
    Structure wanted = Structure.of(files.read(BackupFiles.STRUCTURE));
    Structure made = Structure.read(scratch);
    for (String subject : wanted.differences(made)) {
      StructureFact shall = wanted.fact(subject);
      if (shall != null && shall.establish() != null && !NOT_COMPARED.contains(shall.kind())) {
        attempt(List.of(shall.establish()));
      }
    }
    Structure now = Structure.read(scratch);
    String me = scratch.getMetaData().getUserName();
    List<String> wrong =
        wanted.differences(now).stream()
            .filter(subject -> isWrong(wanted.fact(subject), now.fact(subject), me))
            .toList();
    if (!wrong.isEmpty()) {
      throw invalid(
          "the structure is not as in the backup: "
              + String.join(", ", wrong.subList(0, Math.min(NAMED, wrong.size())))
              + (wrong.size() > NAMED ? " and " + (wrong.size() - NAMED) + " more" : ""),
          null);
    }
  }

  private boolean isWrong(@Nullable StructureFact shall, @Nullable StructureFact is, String me) {
    StructureFact fact = shall == null ? Objects.requireNonNull(is) : shall;
    TableName table = fact.table();
    return !NOT_COMPARED.contains(fact.kind())
        && (table == null || manifest.tableNames().contains(table))
        && !isLeftOut(fact)
        && !differsInOwner(shall, is, me);
  }

  private boolean isLeftOut(StructureFact fact) {
    Set<TableName> held = new HashSet<>(manifest.tableNames());
    return manifest.constraints().stream()
        .filter(constraint -> !isCheckable(constraint, held))
        .anyMatch(constraint -> isOf(constraint, fact));
  }

  private static boolean isOf(Constraint constraint, StructureFact fact) {
    String quoted = Quoted.name(constraint.name());
    return constraint.table().equals(fact.table())
        && switch (fact.kind()) {
          case "constraint" ->
              fact.object().endsWith("." + constraint.name())
                  || fact.object().endsWith("." + quoted);
          case "comment" ->
              fact.object().contains("constraint " + constraint.name() + " on ")
                  || fact.object().contains("constraint " + quoted + " on ");
          default -> false;
        };
  }

  /** Whether both say the same, but for the role that made the thing. */
  static boolean differsInOwner(
      @Nullable StructureFact shall, @Nullable StructureFact is, String me) {
    if (shall == null || is == null || shall.value() == null || is.value() == null) {
      return false;
    }
    String one = shall.value();
    String other = is.value();
    for (int at = other.indexOf(me); at >= 0; at = other.indexOf(me, at + 1)) {
      String before = other.substring(0, at);
      String after = other.substring(at + me.length());
      if (one.length() > before.length() + after.length()
          && one.startsWith(before)
          && one.endsWith(after)) {
        return true;
      }
    }
    return false;
  }

  private void attempt(List<String> statements) throws SQLException {
    for (String statement : statements) {
      Savepoint savepoint = scratch.setSavepoint();
      try {
        execute(statement);
        scratch.releaseSavepoint(savepoint);
      } catch (SQLException e) {
        scratch.rollback(savepoint);
        refused.add(statement + ": " + e.getMessage());
      }
    }
  }

  private BackupInvalid invalid(@Nullable String what, @Nullable Throwable cause) {
    String why =
        refused.isEmpty()
            ? ""
            : "; refused was "
                + String.join("; ", refused.subList(0, Math.min(NAMED, refused.size())));
    String message = "loaded into a scratch database, " + what + why;
    return cause == null
        ? new BackupInvalid(Reason.NOT_RESTORABLE, message)
        : new BackupInvalid(Reason.NOT_RESTORABLE, message, cause);
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = scratch.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }
}
