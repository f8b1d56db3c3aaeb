package io.whimbrel.executor.rehearsal.observe;

import io.whimbrel.executor.rehearsal.facts.OtherState;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Comments; their texts are not told, only that they are other ones. */
final class CommentRows extends CatalogueRows<OtherState> {

  /** Stands for the relation of what is on none. */
  static final long ON_NO_RELATION = 0;

  // Of an index, its table, which is what is locked for it.
  private static final String RELATION =
      """
      CASE WHEN d.classoid = 'pg_catalog.pg_class'::regclass THEN coalesce((SELECT i.indrelid
        FROM pg_catalog.pg_index i WHERE i.indexrelid = d.objoid), d.objoid) ELSE 0 END
      """;

  private static final String SQL =
      """
      SELECT d.objoid::bigint + (d.classoid::bigint << 32) + (d.objsubid::bigint << 48) AS number,
        o.type || ' ' || o.identity AS name, md5(d.description) AS definition,
      """
          + RELATION
          + """
           AS relation
          FROM pg_catalog.pg_description d,
            LATERAL pg_catalog.pg_identify_object(d.classoid, d.objoid, d.objsubid) o
          WHERE d.objoid >= 16384 AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e
            WHERE e.classid = d.classoid AND e.objid = d.objoid AND e.deptype = 'e')
          """;

  private final Names names;

  CommentRows(Names names) {
    super(SQL, RELATION);
    this.names = names;
  }

  @Override
  CatalogueRow<OtherState> row(ResultSet row) throws SQLException {
    long table = row.getLong("relation");
    var state =
        new OtherState(
            OtherState.Kind.COMMENT,
            row.getString("name"),
            table == ON_NO_RELATION ? null : names.now(table),
            row.getString("definition"));
    return new CatalogueRow<>(row.getLong("number"), table, 0, compared(state.definition()), state);
  }
}
