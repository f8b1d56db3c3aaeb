package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Proves that a restore gives back the structure of the backup, as the catalogue says it. What a
 * script of the structure leaves out is put right first.
 *
 * <p>What belongs to a table of others has to be as the restore found it, or as the backup saw it:
 * a foreign key may have come back to it.
 */
final class StructureProof {
  private static final int NAMED = 10;

  private final Structure wanted;
  private final Structure found;
  private final Set<TableName> changing;

  /**
   * @param wanted what the backup saw
   * @param found what was there before the restore
   * @param changing the tables that the restore may change
   */
  StructureProof(Structure wanted, Structure found, Set<TableName> changing) {
    this.wanted = wanted;
    this.found = found;
    this.changing = changing;
  }

  /** Whether nothing has to be done to the structure. */
  boolean alreadyGiven() {
    return wanted.differences(found).stream().noneMatch(subject -> concerns(subject, found));
  }

  /** The settings of {@link TextSettings} are in force. */
  void give(Connection connection) throws SQLException, RestoreFailed {
    Structure now = Structure.read(connection);
    List<String> statements = repairs(now);
    if (!statements.isEmpty()) {
      try (Statement statement = connection.createStatement()) {
        statement.setEscapeProcessing(false);
        for (String sql : statements) {
          statement.execute(sql);
        }
      }
      now = Structure.read(connection);
    }
    List<String> wrong = wrong(now);
    if (!wrong.isEmpty()) {
      String more = wrong.size() > NAMED ? " and " + (wrong.size() - NAMED) + " more" : "";
      throw new RestoreFailed(
          "the structure would not be as in the backup: "
              + String.join(", ", wrong.subList(0, Math.min(NAMED, wrong.size())))
              + more);
    }
  }

  private List<String> repairs(Structure now) {
    var statements = new ArrayList<String>();
    for (String subject : wanted.differences(now)) {
      if (concerns(subject, now)) {
        StructureFact is = now.fact(subject);
        StructureFact shall = wanted.fact(subject);
        if (is != null && is.remove() != null) {
          statements.add(is.remove());
        }
        if (shall != null && shall.establish() != null) {
          statements.add(shall.establish());
        }
      }
    }
    return statements;
  }

  private List<String> wrong(Structure now) {
    var wrong = new ArrayList<String>();
    for (String subject : wanted.differences(now)) {
      if (concerns(subject, now) || !Structure.same(found.fact(subject), now.fact(subject))) {
        wrong.add(subject);
      }
    }
    return wrong;
  }

  private boolean concerns(String subject, Structure now) {
    StructureFact shall = wanted.fact(subject);
    StructureFact fact = shall == null ? Objects.requireNonNull(now.fact(subject)) : shall;
    return fact.table() == null || changing.contains(fact.table());
  }
}
