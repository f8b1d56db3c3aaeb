package io.whimbrel.executor.reversal;

import io.whimbrel.executor.rehearsal.ForeignServers;
import io.whimbrel.executor.reversal.derive.Transition;
import io.whimbrel.executor.schema.SchemaSnapshot;
import io.whimbrel.executor.schema.SchemaUnreadable;
import io.whimbrel.executor.schema.Structure;
import io.whimbrel.executor.schema.StructureDifference;
import io.whimbrel.executor.schema.StructureReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives a scratch database the structure of a target, privileges and owners included as far as the
 * role may. What could not be made alike is known afterwards, so that nobody judges by it.
 */
public final class ScratchStructure {
  private static final int AT_ONCE = 200;

  /** As the statements that are derived here have it. */
  private static final List<String> OF_ROLES = List.of("GRANT ", "REVOKE ", " OWNER TO ");

  private ScratchStructure() {}

  /**
   * Makes it.
   *
   * @param real to the target; it is only read
   * @param roles whether the server has the target's roles; without them nobody is given anything
   * @return in what the scratch database differs from the target nevertheless
   * @throws SchemaUnreadable if the target holds something that cannot be written as statements
   */
  public static List<StructureDifference> make(Connection real, Connection scratch, boolean roles)
      throws SQLException, SchemaUnreadable {
    List<String> statements =
        SchemaSnapshot.load(
                real, roles ? SchemaSnapshot.Rights.KEPT : SchemaSnapshot.Rights.LEFT_OUT)
            .creationStatements();
    for (int i = 0; i < statements.size(); i += AT_ONCE) {
      run(scratch, statements.subList(i, Math.min(statements.size(), i + AT_ONCE)));
    }
    execute(scratch, "RESET ALL");
    Structure wanted = StructureReader.read(real);
    complete(wanted, scratch, roles);
    ForeignServers.cutOff(scratch);
    return wanted.differences(StructureReader.read(scratch));
  }

  private static void complete(Structure wanted, Connection scratch, boolean roles)
      throws SQLException {
    for (String statement : Transition.statements(StructureReader.read(scratch), wanted)) {
      if (roles || OF_ROLES.stream().noneMatch(statement::contains)) {
        tolerantly(scratch, statement);
      }
    }
  }

  // A statement that fails makes a difference that is found afterwards.
  private static void run(Connection scratch, List<String> statements) throws SQLException {
    try {
      execute(scratch, String.join(";\n", statements));
    } catch (SQLException e) {
      for (String statement : new ArrayList<>(statements)) {
        tolerantly(scratch, statement);
      }
    }
  }

  private static void tolerantly(Connection scratch, String statement) throws SQLException {
    try {
      execute(scratch, statement);
    } catch (SQLException e) {
      if (scratch.isClosed()) {
        throw e;
      }
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }
}
