package io.whimbrel.executor.rehearsal.observe;

import io.whimbrel.executor.rehearsal.facts.OtherState;
import io.whimbrel.executor.rehearsal.facts.OtherState.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Things that are few enough to be read all at once when one of them changes. */
final class OtherRows extends CatalogueRows<OtherState> {
  private static final String NOT_AN_EXTENSIONS =
      """
      NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
        WHERE d.classid = 'pg_catalog.%s'::regclass AND d.objid = o.oid AND d.deptype = 'e')
        AND
      """;

  private final Kind kind;
  private final Names names;

  private OtherRows(Kind kind, Names names, String sql) {
    super(sql, "o.oid");
    this.kind = kind;
    this.names = names;
  }

  static CatalogueRows<OtherState> of(Kind kind, Names names) {
    return switch (kind) {
      case COMMENT -> new CommentRows(names);
      case GRANT -> new GrantRows(names);
      default -> new OtherRows(kind, names, sql(kind));
    };
  }

  /** The catalogues whose rows tell of the kind. */
  static String[] catalogues(Kind kind) {
    return switch (kind) {
      case SCHEMA -> new String[] {"pg_namespace"};
      case EXTENSION -> new String[] {"pg_extension"};
      case TYPE -> new String[] {"pg_type"};
      case DOMAIN -> new String[] {"pg_type", "pg_constraint"};
      case ENUM_VALUE -> new String[] {"pg_enum"};
      case FUNCTION -> new String[] {"pg_proc"};
      case TRIGGER -> new String[] {"pg_trigger"};
      case POLICY -> new String[] {"pg_policy"};
      case STATISTICS -> new String[] {"pg_statistic_ext"};
      case COMMENT -> new String[] {"pg_description"};
      case GRANT -> GrantRows.CATALOGUES;
    };
  }

  @Override
  CatalogueRow<OtherState> row(ResultSet row) throws SQLException {
    long table = row.getLong("relation");
    var state =
        new OtherState(
            kind,
            row.getString("name"),
            table == 0 ? null : names.now(table),
            row.getString("definition"));
    long number = row.getLong("oid");
    return new CatalogueRow<>(
        number, table == 0 ? number : table, 0, compared(state.name(), state.definition()), state);
  }

  private static String sql(Kind kind) {
    return switch (kind) {
      case SCHEMA ->
          "SELECT n.oid, n.nspname AS name, 0 AS relation, NULL AS definition"
              + " FROM pg_catalog.pg_namespace n WHERE "
              + USERS;
      case EXTENSION ->
          "SELECT oid, extname AS name, 0 AS relation, extversion AS definition"
              + " FROM pg_catalog.pg_extension WHERE true";
      case TYPE ->
          inSchema("pg_type", "typnamespace", "o.typname", "NULL")
              + "(o.typtype IN ('e', 'r') OR (o.typtype = 'c' AND EXISTS (SELECT"
              + " FROM pg_catalog.pg_class c WHERE c.oid = o.typrelid AND c.relkind = 'c'))) AND "
              + USERS;
      case DOMAIN ->
          inSchema(
                  "pg_type",
                  "typnamespace",
                  "o.typname",
                  "concat_ws(' ', pg_catalog.format_type(o.typbasetype, o.typtypmod),"
                      + " CASE WHEN o.typnotnull THEN 'NOT NULL' END, 'DEFAULT ' || o.typdefault,"
                      + " (SELECT string_agg(pg_catalog.pg_get_constraintdef(k.oid), ' '"
                      + " ORDER BY k.conname) FROM pg_catalog.pg_constraint k"
                      + " WHERE k.contypid = o.oid))")
              + "o.typtype = 'd' AND "
              + USERS;
      case ENUM_VALUE ->
          "SELECT o.oid, concat_ws('.', n.nspname, t.typname, o.enumlabel) AS name,"
              + " 0 AS relation, NULL AS definition FROM pg_catalog.pg_enum o"
              + " JOIN pg_catalog.pg_type t ON t.oid = o.enumtypid"
              + " JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE "
              + USERS;
      case FUNCTION ->
          inSchema(
                  "pg_proc",
                  "pronamespace",
                  "concat(o.proname, '(', pg_catalog.pg_get_function_identity_arguments(o.oid),"
                      + " ')')",
                  "md5(concat_ws(' ', o.prosrc, o.prosqlbody, o.proargdefaults, o.provolatile,"
                      + " o.prosecdef, o.proconfig, o.prolang, o.prorettype))")
              + USERS;
      case TRIGGER ->
          "SELECT o.oid, o.tgname AS name, o.tgrelid AS relation,"
              + " concat_ws(' ', pg_catalog.pg_get_triggerdef(o.oid), o.tgenabled) AS definition"
              + " FROM pg_catalog.pg_trigger o WHERE NOT o.tgisinternal";
      case POLICY ->
          "SELECT o.oid, o.polname AS name, o.polrelid AS relation, concat_ws(' ', o.polcmd,"
              + " o.polpermissive, o.polroles, pg_catalog.pg_get_expr(o.polqual, o.polrelid),"
              + " pg_catalog.pg_get_expr(o.polwithcheck, o.polrelid)) AS definition"
              + " FROM pg_catalog.pg_policy o WHERE true";
      case STATISTICS ->
          "SELECT o.oid, concat_ws('.', n.nspname, o.stxname) AS name, o.stxrelid AS relation,"
              + " concat_ws(' ', pg_catalog.pg_get_statisticsobjdef(o.oid), o.stxstattarget)"
              + " AS definition FROM pg_catalog.pg_statistic_ext o"
              + " JOIN pg_catalog.pg_namespace n ON n.oid = o.stxnamespace WHERE "
              + USERS;
      case COMMENT, GRANT -> throw new IllegalArgumentException(kind + " has rows of its own");
    };
  }

  private static String inSchema(
      String catalogue, String namespace, String name, String definition) {
    return "SELECT o.oid, concat_ws('.', n.nspname, "
        + name
        + ") AS name, 0 AS relation, "
        + definition
        + " AS definition FROM pg_catalog."
        + catalogue
        + " o JOIN pg_catalog.pg_namespace n ON n.oid = o."
        + namespace
        + " WHERE "
        + NOT_AN_EXTENSIONS.formatted(catalogue);
  }
}
