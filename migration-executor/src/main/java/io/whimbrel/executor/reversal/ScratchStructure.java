package io.whimbrel.executor.reversal;

import io.whimbrel.executor.reversal.derive.DerivedUndo;
import io.whimbrel.executor.schema.SchemaSnapshot;
import io.whimbrel.executor.schema.SchemaUnreadable;
import io.whimbrel.executor.schema.Structure;
import io.whimbrel.executor.schema.StructureDifference;
import io.whimbrel.executor.schema.StructureObject;
import io.whimbrel.executor.schema.StructureReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Gives a scratch database the structure of a target, privileges and owners included as far as the
 * role may. What could not be made alike is known afterwards, so that nobody judges by it.
 */
public final class ScratchStructure {
  private static final int AT_ONCE = 200;

  /** Keeps numbers of the target apart from those of the scratch database. */
  private static final long FAR = 1L << 40;

  private ScratchStructure() {}

  /**
   * Makes it.
   *
   * @param real to the target; it is only read
   * @return in what the scratch database differs from the target nevertheless
   * @throws SchemaUnreadable if the target holds something that cannot be written as statements
   */
  public static List<StructureDifference> make(Connection real, Connection scratch)
      throws SQLException, SchemaUnreadable {
    List<String> statements =
        SchemaSnapshot.load(real, SchemaSnapshot.Rights.KEPT).creationStatements();
    for (int i = 0; i < statements.size(); i += AT_ONCE) {
      run(scratch, statements.subList(i, Math.min(statements.size(), i + AT_ONCE)));
    }
    execute(scratch, "RESET ALL");
    Structure wanted = read(real);
    complete(wanted, scratch);
    return wanted.differences(read(scratch));
  }

  private static void complete(Structure wanted, Connection scratch) throws SQLException {
    Structure made = read(scratch);
    Set<String> names =
        wanted.differences(made).stream()
            .map(d -> d.kind() + " " + d.object())
            .collect(Collectors.toCollection(TreeSet::new));
    if (names.isEmpty()) {
      return;
    }
    Map<String, StructureObject> there = new HashMap<>();
    made.objects().forEach(o -> there.put(o.identity(), o));
    List<StructureObject> now =
        there.values().stream().filter(o -> names.contains(o.identity())).toList();
    List<StructureObject> before =
        wanted
            .objects()
            .filter(o -> names.contains(o.identity()))
            .map(o -> renumbered(o, there))
            .toList();
    for (String statement : DerivedUndo.of(before, now, List.copyOf(there.values())).statements()) {
      tolerantly(scratch, statement);
    }
  }

  private static StructureObject renumbered(StructureObject o, Map<String, StructureObject> there) {
    StructureObject same = there.get(o.identity());
    return new StructureObject(
        o.kind(),
        same == null ? o.oid() + FAR : same.oid(),
        same == null ? o.sub() : same.sub(),
        o.parent(),
        o.name(),
        o.local(),
        o.aspects());
  }

  private static Structure read(Connection connection) throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    try {
      execute(connection, "SET LOCAL search_path = ''");
      return new StructureReader(connection).read();
    } finally {
      connection.rollback();
      connection.setAutoCommit(autoCommit);
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
