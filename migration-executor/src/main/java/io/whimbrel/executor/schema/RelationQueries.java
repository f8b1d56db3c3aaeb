package io.whimbrel.executor.schema;

/**
 * Queries for relations and what belongs to them. Each row is an object: kind, number, number of a
 * column, group, unit (what is read together), parent, name, last part of the name, and its aspects
 * as names and values in turn.
 */
final class RelationQueries {
  private RelationQueries() {}

  /** Owners and privileges, in a form that does not depend on their order. */
  static String rights(String acl, String type, String owner) {
    return """
    (SELECT string_agg((CASE WHEN x.grantee = 0 THEN 'PUBLIC'
        ELSE quote_ident(pg_get_userbyid(x.grantee)) END) || ' ' || x.privilege_type
        || (CASE WHEN x.is_grantable THEN ' *' ELSE '' END), ';' ORDER BY 1)
      FROM aclexplode(coalesce(%s, acldefault(%s, %s))) x)\
    """
        .formatted(acl, type, owner)
        .replace("ORDER BY 1", "ORDER BY x.grantee, x.privilege_type, x.is_grantable");
  }

  static String comment(String catalogue, String oid, String sub) {
    return ("(SELECT d.description FROM pg_description d WHERE d.objoid = %s"
            + " AND d.classoid = 'pg_catalog.%s'::regclass AND d.objsubid = %s)")
        .formatted(oid, catalogue, sub);
  }

  static final String USER_SCHEMA =
      "n.nspname NOT IN ('pg_catalog', 'information_schema', 'whimbrel', 'pg_toast') AND n.nspname"
          + " NOT LIKE 'pg\\_temp\\_%' AND n.nspname NOT LIKE 'pg\\_toast\\_temp\\_%'";

  static String ownOf(String catalogue, String oid) {
    return ("NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_catalog.%s'::regclass"
            + " AND e.objid = %s AND e.deptype = 'e')")
        .formatted(catalogue, oid);
  }

  /** {@code {some}} stands for a condition on the number {@code c.oid}. */
  private static final String RELATION =
      "pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace AND "
          + USER_SCHEMA
          + " AND {some} AND c.relname <> 'flyway_schema_history' AND "
          + ownOf("pg_class", "c.oid");

  private static final String NAME = "format('%I.%I', n.nspname, c.relname)";

  private static final String RELATIONS =
      """
      SELECT CASE c.relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW'
          WHEN 'S' THEN 'SEQUENCE' WHEN 'c' THEN 'COMPOSITE TYPE' WHEN 'f' THEN 'FOREIGN TABLE'
          ELSE 'TABLE' END AS kind,
        c.oid::bigint AS oid, 0 AS sub, 'r' AS class, c.oid::bigint AS unit, NULL::text AS parent,
        {name} AS name, quote_ident(c.relname) AS local,
        ARRAY[
          'definition', CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid)
            WHEN c.relkind = 'S' THEN (SELECT format('AS %s INCREMENT BY %s MINVALUE %s MAXVALUE %s'
                || ' START WITH %s CACHE %s %s', format_type(q.seqtypid, NULL), q.seqincrement,
                q.seqmin, q.seqmax, q.seqstart, q.seqcache,
                CASE WHEN q.seqcycle THEN 'CYCLE' ELSE 'NO CYCLE' END)
              FROM pg_sequence q WHERE q.seqrelid = c.oid)
            ELSE c.relkind::text END,
          'persistence', nullif(c.relpersistence::text, 'p'),
          'options', (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(c.reloptions) o),
          'toast options', (SELECT string_agg('toast.' || o, ', ' ORDER BY o)
            FROM pg_class t, unnest(t.reloptions) o WHERE t.oid = c.reltoastrelid),
          'tablespace', (SELECT s.spcname::text FROM pg_tablespace s WHERE s.oid = c.reltablespace),
          'access method', (SELECT nullif(m.amname, 'heap')::text FROM pg_am m WHERE m.oid = c.relam),
          'row security', nullif(c.relrowsecurity::text, 'false'),
          'forced row security', nullif(c.relforcerowsecurity::text, 'false'),
          'replica identity', CASE WHEN c.relkind IN ('r', 'p') THEN
            nullif(CASE c.relreplident WHEN 'd' THEN 'DEFAULT' WHEN 'n' THEN 'NOTHING'
              WHEN 'f' THEN 'FULL' ELSE 'USING INDEX ' || coalesce((SELECT quote_ident(x.relname)
                FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
                WHERE i.indrelid = c.oid AND i.indisreplident), '') END, 'DEFAULT') END,
          'partition key', CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
          'partition of', CASE WHEN c.relispartition THEN (SELECT h.inhparent::regclass::text
            FROM pg_inherits h WHERE h.inhrelid = c.oid) END,
          'partition bound', CASE WHEN c.relispartition THEN pg_get_expr(c.relpartbound, c.oid) END,
          'inherits', CASE WHEN c.relkind IN ('r', 'f') AND NOT c.relispartition THEN
            (SELECT string_agg(h.inhparent::regclass::text, ', ' ORDER BY h.inhseqno)
              FROM pg_inherits h WHERE h.inhrelid = c.oid) END,
          'of type', CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END,
          'foreign', CASE WHEN c.relkind = 'f' THEN (SELECT s.srvname || ' ' ||
              coalesce(f.ftoptions::text, '') FROM pg_foreign_table f
            JOIN pg_foreign_server s ON s.oid = f.ftserver WHERE f.ftrelid = c.oid) END,
          'populated', CASE WHEN c.relkind = 'm' THEN c.relispopulated::text END,
          'owned by', CASE WHEN c.relkind = 'S' THEN (SELECT d.refobjid::regclass::text || '.'
              || quote_ident(a.attname)
            FROM pg_depend d JOIN pg_attribute a ON a.attrelid = d.refobjid
              AND a.attnum = d.refobjsubid
            WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
              AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')) END,
          'identity', CASE WHEN c.relkind = 'S' THEN (SELECT 'yes' FROM pg_depend d
            WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.objsubid = 0
              AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'i') END,
          'owner', quote_ident(pg_get_userbyid(c.relowner)),
          'rights', {rights},
          'comment', {comment}]
      FROM {relation} WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'c')
      """
          .replace(
              "{rights}",
              rights(
                  "c.relacl",
                  "CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::\"char\"",
                  "c.relowner"))
          .replace("{comment}", comment("pg_class", "c.oid", "0"));

  private static final String COLUMNS =
      """
      SELECT 'COLUMN', c.oid::bigint, a.attnum::int, 'r', c.oid::bigint, {name},
        {name} || '.' || quote_ident(a.attname), quote_ident(a.attname),
        ARRAY[
          'type', format_type(a.atttypid, a.atttypmod),
          'relation kind', c.relkind::text,
          'collation', CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END,
          'not null', nullif(a.attnotnull::text, 'false'),
          'default', CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END,
          'generated', CASE WHEN a.attgenerated <> '' THEN a.attgenerated::text || ' '
            || pg_get_expr(d.adbin, d.adrelid) END,
          'identity', CASE a.attidentity WHEN 'a' THEN 'ALWAYS' WHEN 'd' THEN 'BY DEFAULT' END,
          'storage', CASE WHEN a.attstorage <> t.typstorage AND c.relkind IN ('r', 'p', 'f', 'm')
            THEN CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL'
              WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END,
          'compression', CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END,
          'statistics', nullif(coalesce(a.attstattarget, -1), -1)::text,
          'options', (SELECT string_agg(o, ', ' ORDER BY o) FROM unnest(a.attoptions) o),
          'foreign options', a.attfdwoptions::text,
          'inherited', CASE WHEN a.attinhcount > 0 THEN CASE WHEN a.attislocal THEN 'and local'
            ELSE 'only' END END,
          'rights', (SELECT string_agg((CASE WHEN x.grantee = 0 THEN 'PUBLIC'
            ELSE quote_ident(pg_get_userbyid(x.grantee)) END) || ' ' || x.privilege_type
            || (CASE WHEN x.is_grantable THEN ' *' ELSE '' END), ';'
            ORDER BY x.grantee, x.privilege_type) FROM aclexplode(a.attacl) x),
          'comment', {comment}]
      FROM {relation} JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
          AND NOT a.attisdropped
        JOIN pg_type t ON t.oid = a.atttypid
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c')
      """
          .replace("{comment}", comment("pg_class", "c.oid", "a.attnum"));

  private static final String INDEXES =
      """
      SELECT 'INDEX', c.oid::bigint, 0, 'r', c.oid::bigint, i.indrelid::regclass::text,
        {name}, quote_ident(c.relname),
        ARRAY[
          'definition', pg_get_indexdef(c.oid),
          'constraint', (SELECT quote_ident(k.conname) FROM pg_constraint k
            WHERE k.conindid = c.oid AND k.conrelid = i.indrelid AND k.contype IN ('p', 'u', 'x')),
          'invalid', nullif((NOT i.indisvalid)::text, 'false'),
          'clustered', nullif(i.indisclustered::text, 'false'),
          'statistics', (SELECT string_agg(a.attnum || ' ' || a.attstattarget, ', '
            ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid
              AND coalesce(a.attstattarget, -1) <> -1),
          'tablespace', (SELECT s.spcname::text FROM pg_tablespace s WHERE s.oid = c.reltablespace),
          'partition of', (SELECT h.inhparent::regclass::text FROM pg_inherits h
            WHERE h.inhrelid = c.oid),
          'comment', {comment}]
      FROM {relation} JOIN pg_index i ON i.indexrelid = c.oid
        JOIN pg_class o ON o.oid = i.indrelid AND o.relname <> 'flyway_schema_history'
      WHERE c.relkind IN ('i', 'I')
      """
          .replace("{comment}", comment("pg_class", "c.oid", "0"));

  private static final String CONSTRAINTS =
      """
      SELECT 'CONSTRAINT', k.oid::bigint, 0, 'r', c.oid::bigint, {name},
        {name} || '.' || quote_ident(k.conname), quote_ident(k.conname),
        ARRAY[
          'definition', pg_get_constraintdef(k.oid),
          'type', k.contype::text,
          'inherited', CASE WHEN k.conparentid <> 0 OR NOT k.conislocal THEN 'only'
            WHEN k.coninhcount > 0 THEN 'and local' END,
          'not inheritable', nullif(k.connoinherit::text, 'false'),
          'index', CASE WHEN k.contype IN ('p', 'u', 'x') THEN k.conindid::regclass::text END,
          'comment', {comment}]
      FROM {relation} JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype <> 't'
        AND NOT (k.contype = 'f' AND k.conparentid <> 0)
      """
          .replace("{comment}", comment("pg_constraint", "k.oid", "0"));

  private static final String TRIGGERS =
      """
      SELECT 'TRIGGER', g.oid::bigint, 0, 'r', c.oid::bigint, {name},
        {name} || '.' || quote_ident(g.tgname), quote_ident(g.tgname),
        ARRAY['definition', pg_get_triggerdef(g.oid), 'enabled', nullif(g.tgenabled::text, 'O'),
          'inherited', CASE WHEN g.tgparentid <> 0 THEN 'only' END, 'comment', {comment}]
      FROM {relation} JOIN pg_trigger g ON g.tgrelid = c.oid AND NOT g.tgisinternal
      """
          .replace("{comment}", comment("pg_trigger", "g.oid", "0"));

  private static final String RULES =
      """
      SELECT 'RULE', r.oid::bigint, 0, 'r', c.oid::bigint, {name},
        {name} || '.' || quote_ident(r.rulename), quote_ident(r.rulename),
        ARRAY['definition', pg_get_ruledef(r.oid), 'enabled', nullif(r.ev_enabled::text, 'O'),
          'comment', {comment}]
      FROM {relation} JOIN pg_rewrite r ON r.ev_class = c.oid AND r.rulename <> '_RETURN'
      """
          .replace("{comment}", comment("pg_rewrite", "r.oid", "0"));

  private static final String POLICIES =
      """
      SELECT 'POLICY', p.oid::bigint, 0, 'r', c.oid::bigint, {name},
        {name} || '.' || quote_ident(p.polname), quote_ident(p.polname),
        ARRAY['definition', format('AS %s FOR %s TO %s',
            CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
            CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
              WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
            (SELECT string_agg(CASE WHEN r = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(r)) END,
              ', ' ORDER BY r) FROM unnest(p.polroles) r))
            || coalesce(' USING (' || pg_get_expr(p.polqual, p.polrelid) || ')', '')
            || coalesce(' WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', ''),
          'comment', {comment}]
      FROM {relation} JOIN pg_policy p ON p.polrelid = c.oid
      """
          .replace("{comment}", comment("pg_policy", "p.oid", "0"));

  /** All of them, for the relations that {@code some} selects by {@code c.oid}. */
  static String union(String some) {
    return String.join(
            "UNION ALL ", RELATIONS, COLUMNS, INDEXES, CONSTRAINTS, TRIGGERS, RULES, POLICIES)
        .replace("{relation}", RELATION)
        .replace("{name}", NAME)
        .replace("{some}", some);
  }
}
