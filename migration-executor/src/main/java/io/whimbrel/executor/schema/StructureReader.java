package io.whimbrel.executor.schema;

import io.whimbrel.executor.schema.Structure.Unit;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.postgresql.PGStatement;

/**
 * Reads structures on one connection. What a transaction may have changed is known from the locks
 * that it holds and from the rows of the catalogue that it wrote, so that reading again costs as
 * much as was changed, not as much as there is. Expects {@code search_path} to be empty, as
 * PostgreSQL then writes every name with its schema.
 */
public final class StructureReader {
  /**
   * Of the open transaction, which must have a number: {@code pg_current_xact_id()}. Catalogues are
   * looked through only if the session's statistics, flushed before the transaction began, say that
   * it has written to them.
   */
  private static final String CHANGED =
      """
      WITH written AS MATERIALIZED (
        SELECT c.oid::regclass AS catalogue FROM unnest({catalogues}) c (oid)
        WHERE pg_stat_get_xact_tuples_inserted(c.oid) + pg_stat_get_xact_tuples_updated(c.oid)
            + pg_stat_get_xact_tuples_deleted(c.oid) > 0
          OR NOT current_setting('track_counts')::boolean)
      SELECT 'r', l.relation::bigint FROM pg_locks l
      WHERE l.pid = pg_backend_pid() AND l.locktype = 'relation' AND l.mode <> 'AccessShareLock'
        AND l.relation >= 16384
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
      UNION SELECT CASE l.classid WHEN 'pg_proc'::regclass THEN 'f' WHEN 'pg_type'::regclass THEN 't'
        ELSE 'd' END, l.objid::bigint FROM pg_locks l
      WHERE l.pid = pg_backend_pid() AND l.locktype = 'object' AND l.mode <> 'AccessShareLock'
        AND l.classid IN ('pg_proc'::regclass, 'pg_type'::regclass, 'pg_constraint'::regclass)
      UNION SELECT 'r', coalesce(k.conrelid, g.tgrelid, r.ev_class, p.polrelid)::bigint FROM pg_locks l
        LEFT JOIN pg_constraint k ON l.classid = 'pg_constraint'::regclass AND k.oid = l.objid
        LEFT JOIN pg_trigger g ON l.classid = 'pg_trigger'::regclass AND g.oid = l.objid
        LEFT JOIN pg_rewrite r ON l.classid = 'pg_rewrite'::regclass AND r.oid = l.objid
        LEFT JOIN pg_policy p ON l.classid = 'pg_policy'::regclass AND p.oid = l.objid
      WHERE l.pid = pg_backend_pid() AND l.locktype = 'object'
        AND coalesce(k.conrelid, g.tgrelid, r.ev_class, p.polrelid) >= 16384
      UNION SELECT 'r', k.conrelid::bigint FROM pg_constraint k
      WHERE {pg_constraint} AND k.conrelid >= 16384 AND age(k.xmin) <= 0
      UNION SELECT 'r', unnest(ARRAY[i.indrelid, i.indexrelid])::bigint FROM pg_index i
      WHERE {pg_index} AND i.indrelid >= 16384 AND age(i.xmin) <= 0
      UNION SELECT 'r', g.tgrelid::bigint FROM pg_trigger g WHERE {pg_trigger} AND age(g.xmin) <= 0
      UNION SELECT 'r', d.adrelid::bigint FROM pg_attrdef d WHERE {pg_attrdef} AND age(d.xmin) <= 0
      UNION SELECT 'r', p.polrelid::bigint FROM pg_policy p WHERE {pg_policy} AND age(p.xmin) <= 0
      UNION SELECT 'r', s.seqrelid::bigint FROM pg_sequence s
      WHERE {pg_sequence} AND age(s.xmin) <= 0
      UNION SELECT 'r', h.inhrelid::bigint FROM pg_inherits h
      WHERE {pg_inherits} AND age(h.xmin) <= 0
      UNION SELECT CASE d.classoid WHEN 'pg_class'::regclass THEN 'r' WHEN 'pg_proc'::regclass THEN 'f'
        WHEN 'pg_type'::regclass THEN 't' ELSE 'd' END, d.objoid::bigint
      FROM pg_description d WHERE {pg_description} AND age(d.xmin) <= 0
      UNION SELECT 'r', c.oid::bigint FROM pg_class c
      WHERE {pg_class} AND c.oid >= 16384 AND age(c.xmin) <= 0
      UNION SELECT 'r', a.attrelid::bigint FROM pg_attribute a
      WHERE {pg_attribute} AND a.attrelid >= 16384 AND age(a.xmin) <= 0
      UNION SELECT 'f', p.oid::bigint FROM pg_proc p WHERE {pg_proc} AND age(p.xmin) <= 0
      UNION SELECT 't', t.oid::bigint FROM pg_type t
      WHERE {pg_type} AND t.oid >= 16384 AND age(t.xmin) <= 0
        AND t.typtype <> 'c' AND t.typelem = 0
      UNION SELECT 't', e.enumtypid::bigint FROM pg_enum e WHERE {pg_enum} AND age(e.xmin) <= 0
      UNION SELECT 't', k.contypid::bigint FROM pg_constraint k
      WHERE {pg_constraint} AND k.contypid <> 0 AND age(k.xmin) <= 0
      UNION SELECT 's', 0 FROM written WHERE catalogue = ANY ({rest})
      """;

  private static final List<String> OF_RELATIONS =
      List.of(
          "pg_constraint",
          "pg_index",
          "pg_trigger",
          "pg_attrdef",
          "pg_policy",
          "pg_sequence",
          "pg_inherits",
          "pg_class",
          "pg_attribute",
          "pg_proc",
          "pg_type",
          "pg_enum");

  private static String changed() {
    List<String> rest = OtherQueries.cataloguesOfRest();
    String sql = CHANGED;
    List<String> all = new ArrayList<>(OF_RELATIONS);
    all.addAll(rest);
    for (String catalogue : all) {
      sql =
          sql.replace(
              "{" + catalogue + "}",
              "(SELECT true FROM written WHERE catalogue = '" + catalogue + "'::regclass)");
    }
    return sql.replace("{catalogues}", array(all)).replace("{rest}", array(rest));
  }

  private static String array(List<String> catalogues) {
    return catalogues.stream()
        .map(catalogue -> "'pg_catalog." + catalogue + "'")
        .collect(Collectors.joining(", ", "ARRAY[", "]::regclass[]"));
  }

  /** What is read of one group, by numbers that stand in it as often as {@code places} says. */
  private record Query(PreparedStatement statement, int places) {}

  private static final String ALL =
      RelationQueries.union("true")
          + "UNION ALL "
          + OtherQueries.types("true")
          + "UNION ALL "
          + OtherQueries.routines("true")
          + "UNION ALL "
          + OtherQueries.rest();

  private static final Unit REST = new Unit('s', 0);

  private static final String SOME = "c.oid = ANY (?::oid[])";

  private final Connection connection;
  private final PreparedStatement changed;
  private final Map<Character, Query> some = new LinkedHashMap<>();
  private final PreparedStatement rest;

  public StructureReader(Connection connection) throws SQLException {
    this.connection = connection;
    this.changed = prepared(changed());
    this.some.put('r', new Query(prepared(RelationQueries.union(SOME)), 7));
    this.some.put('t', new Query(prepared(OtherQueries.types(SOME)), 3));
    this.some.put('f', new Query(prepared(OtherQueries.routines(SOME)), 2));
    this.rest = prepared(OtherQueries.rest());
  }

  private PreparedStatement prepared(String sql) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    statement.unwrap(PGStatement.class).setPrepareThreshold(1);
    return statement;
  }

  /** All there is, read in a transaction of its own; the connection is in none. */
  public static Structure read(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_catalog.set_config('search_path', '', true)");
      return new StructureReader(connection).read();
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  /** All there is. */
  public Structure read() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(ALL)) {
      return new Structure(units(row, new LinkedHashMap<>()));
    }
  }

  /**
   * What there is now, given what there was before the open transaction changed something.
   *
   * @param before complete, of any moment since the transaction began or before it
   */
  public Structure refreshed(Structure before) throws SQLException {
    Structure now = before.with(read(changed(before)));
    return renamed(before, now) ? read() : now;
  }

  // A new name changes the definitions of what mentions it, and these are not touched by it.
  private static boolean renamed(Structure before, Structure now) {
    Map<Object, String> names = new HashMap<>();
    before.apartFrom(now).forEach(object -> names.put(object.number(), object.name()));
    return now.apartFrom(before).stream()
        .anyMatch(
            object -> {
              String name = names.get(object.number());
              return name != null && !name.equals(object.name());
            });
  }

  private Set<Unit> changed(Structure before) throws SQLException {
    Set<Unit> units = new HashSet<>();
    boolean domains = false;
    try (ResultSet row = changed.executeQuery()) {
      while (row.next()) {
        char group = row.getString(1).charAt(0);
        domains |= group == 'd';
        units.add(new Unit(group, row.getLong(2)));
      }
    }
    if (domains) {
      before.units().stream().filter(unit -> unit.group() == 't').forEach(units::add);
    }
    units.removeIf(unit -> unit.group() == 'd');
    return units;
  }

  private Map<Unit, List<StructureObject>> read(Set<Unit> wanted) throws SQLException {
    Map<Unit, List<StructureObject>> units = new LinkedHashMap<>();
    wanted.forEach(unit -> units.put(unit, new ArrayList<>()));
    for (Map.Entry<Character, Query> group : some.entrySet()) {
      Object[] oids =
          wanted.stream().filter(unit -> unit.group() == group.getKey()).map(Unit::oid).toArray();
      if (oids.length > 0) {
        read(group.getValue(), connection.createArrayOf("oid", oids), units);
      }
    }
    if (wanted.contains(REST)) {
      add(rest, units);
    }
    units
        .values()
        .forEach(list -> list.sort(java.util.Comparator.comparing(StructureObject::identity)));
    return units;
  }

  private static void read(Query query, Array oids, Map<Unit, List<StructureObject>> units)
      throws SQLException {
    for (int place = 1; place <= query.places(); place++) {
      query.statement().setArray(place, oids);
    }
    add(query.statement(), units);
  }

  private static void add(PreparedStatement query, Map<Unit, List<StructureObject>> units)
      throws SQLException {
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        Unit unit = new Unit(row.getString(4).charAt(0), row.getLong(5));
        units.computeIfAbsent(unit, any -> new ArrayList<>()).add(object(row));
      }
    }
  }

  private static Map<Unit, List<StructureObject>> units(
      ResultSet row, Map<Unit, List<StructureObject>> units) throws SQLException {
    while (row.next()) {
      Unit unit = new Unit(row.getString(4).charAt(0), row.getLong(5));
      units.computeIfAbsent(unit, any -> new ArrayList<>()).add(object(row));
    }
    units
        .values()
        .forEach(list -> list.sort(java.util.Comparator.comparing(StructureObject::identity)));
    return units;
  }

  private static StructureObject object(ResultSet row) throws SQLException {
    Object[] pairs = (Object[]) row.getArray(9).getArray();
    Map<String, String> aspects = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      if (pairs[i + 1] != null) {
        aspects.put((String) pairs[i], (String) pairs[i + 1]);
      }
    }
    return new StructureObject(
        row.getString(1),
        row.getLong(2),
        row.getInt(3),
        row.getString(6),
        row.getString(7),
        row.getString(8),
        aspects);
  }
}
