package io.whimbrel.executor.rehearsal.observe;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.rehearsal.facts.RelationState;
import io.whimbrel.executor.rehearsal.facts.RelationState.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Tables, views, sequences; their names become known by being read. */
final class RelationRows extends CatalogueRows<RelationState> {
  private static final String SQL =
      """
      SELECT c.oid, n.nspname, c.relname, c.relkind, c.relfilenode, c.relpersistence <> 'u' AS logged,
        c.relrowsecurity,
        CASE WHEN c.relispartition THEN
          (SELECT i.inhparent FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid) END AS parent,
        CASE WHEN c.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(c.oid)
          WHEN c.relkind = 'S' THEN
            (SELECT pg_catalog.format('%s from %s by %s between %s and %s',
               pg_catalog.format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin,
               s.seqmax)
             FROM pg_catalog.pg_sequence s WHERE s.seqrelid = c.oid) END AS definition
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND c.relname <> 'flyway_schema_history'
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
          WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid
            AND d.deptype = 'e')
        AND
      """
          + USERS;

  private final Names names;

  RelationRows(Names names) {
    super(SQL, "c.oid");
    this.names = names;
  }

  @Override
  CatalogueRow<RelationState> row(ResultSet row) throws SQLException {
    long number = row.getLong("oid");
    var name = new TableName(row.getString("nspname"), row.getString("relname"));
    names.put(number, name);
    long parent = row.getLong("parent");
    var state =
        new RelationState(
            name,
            names.onTarget(number),
            kind(row.getString("relkind")),
            row.getBoolean("logged"),
            row.getBoolean("relrowsecurity"),
            parent == 0 ? null : names.now(parent),
            row.getString("definition"));
    return new CatalogueRow<>(
        number,
        number,
        row.getLong("relfilenode"),
        compared(
            name, state.kind(), state.logged(), state.rowSecurity(), parent, state.definition()),
        state);
  }

  private static Kind kind(String relkind) {
    return switch (relkind) {
      case "r" -> Kind.TABLE;
      case "p" -> Kind.PARTITIONED_TABLE;
      case "f" -> Kind.FOREIGN_TABLE;
      case "v" -> Kind.VIEW;
      case "m" -> Kind.MATERIALIZED_VIEW;
      default -> Kind.SEQUENCE;
    };
  }
}
