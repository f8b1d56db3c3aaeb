package io.whimbrel.executor.schema;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** As {@link RelationQueries}, for types, routines and everything else. */
final class OtherQueries {
  private OtherQueries() {}

  private static final int FIRST_OF_USERS = 16384;

  private static final String TYPES =
      """
      SELECT CASE c.typtype WHEN 'e' THEN 'ENUM' WHEN 'd' THEN 'DOMAIN' WHEN 'r' THEN 'RANGE TYPE'
          ELSE 'BASE TYPE' END, c.oid::bigint, 0, 't', c.oid::bigint, NULL::text,
        format('%I.%I', n.nspname, c.typname), quote_ident(c.typname),
        ARRAY[
          'definition', CASE c.typtype
            WHEN 'e' THEN (SELECT string_agg(quote_literal(l.enumlabel), ', ' ORDER BY l.enumsortorder)
              FROM pg_enum l WHERE l.enumtypid = c.oid)
            WHEN 'd' THEN format_type(c.typbasetype, c.typtypmod)
            WHEN 'r' THEN (SELECT format('subtype = %s, subtype_opclass = %s, collation = %s,'
                || ' canonical = %s, subtype_diff = %s', format_type(r.rngsubtype, NULL), o.opcname,
                r.rngcollation::regcollation, r.rngcanonical, r.rngsubdiff)
              FROM pg_range r JOIN pg_opclass o ON o.oid = r.rngsubopc WHERE r.rngtypid = c.oid)
            ELSE (to_jsonb(c) - 'oid' - 'typarray')::text END,
          'collation', CASE WHEN c.typtype = 'd' AND c.typcollation <> (SELECT b.typcollation
            FROM pg_type b WHERE b.oid = c.typbasetype) THEN c.typcollation::regcollation::text END,
          'not null', CASE WHEN c.typtype = 'd' THEN nullif(c.typnotnull::text, 'false') END,
          'default', CASE WHEN c.typtype = 'd' THEN c.typdefault END,
          'owner', quote_ident(pg_get_userbyid(c.typowner)),
          'rights', {rights},
          'comment', {comment}]
      FROM {type} WHERE c.typtype IN ('e', 'd', 'r', 'b') AND c.typelem = 0
      UNION ALL
      SELECT 'ENUM VALUE', l.oid::bigint, 0, 't', c.oid::bigint, format('%I.%I', n.nspname, c.typname),
        format('%I.%I', n.nspname, c.typname) || ' ' || quote_literal(l.enumlabel),
        quote_literal(l.enumlabel), ARRAY[]::text[]
      FROM {type} JOIN pg_enum l ON l.enumtypid = c.oid
      UNION ALL
      SELECT 'DOMAIN CONSTRAINT', k.oid::bigint, 0, 't', c.oid::bigint,
        format('%I.%I', n.nspname, c.typname),
        format('%I.%I', n.nspname, c.typname) || '.' || quote_ident(k.conname),
        quote_ident(k.conname),
        ARRAY['definition', pg_get_constraintdef(k.oid), 'comment', {constraintComment}]
      FROM {type} JOIN pg_constraint k ON k.contypid = c.oid
      """
          .replace("{rights}", RelationQueries.rights("c.typacl", "'T'", "c.typowner"))
          .replace("{comment}", RelationQueries.comment("pg_type", "c.oid", "0"))
          .replace("{constraintComment}", RelationQueries.comment("pg_constraint", "k.oid", "0"))
          .replace(
              "{type}",
              "pg_type c JOIN pg_namespace n ON n.oid = c.typnamespace AND "
                  + RelationQueries.USER_SCHEMA
                  + " AND {some} AND "
                  + RelationQueries.ownOf("pg_type", "c.oid"));

  private static final String ROUTINES =
      """
      SELECT CASE c.prokind WHEN 'p' THEN 'PROCEDURE' WHEN 'a' THEN 'AGGREGATE' ELSE 'FUNCTION' END,
        c.oid::bigint, 0, 'f', c.oid::bigint, NULL::text,
        format('%I.%I(%s)', n.nspname, c.proname, pg_get_function_identity_arguments(c.oid)),
        quote_ident(c.proname),
        ARRAY[
          'definition', CASE WHEN c.prokind <> 'a' THEN pg_get_functiondef(c.oid) ELSE
            (SELECT (to_jsonb(g) - 'aggfnoid')::text FROM pg_aggregate g WHERE g.aggfnoid = c.oid) END,
          'owner', quote_ident(pg_get_userbyid(c.proowner)),
          'rights', {rights},
          'comment', {comment}]
      FROM pg_proc c JOIN pg_namespace n ON n.oid = c.pronamespace AND {user} AND {some} AND {own}
      """
          .replace("{rights}", RelationQueries.rights("c.proacl", "'f'", "c.proowner"))
          .replace("{comment}", RelationQueries.comment("pg_proc", "c.oid", "0"))
          .replace("{user}", RelationQueries.USER_SCHEMA)
          .replace(
              "{own}", RelationQueries.ownOf("pg_proc", "c.oid").replace("= 'e'", "IN ('e', 'i')"));

  private static final String SCHEMAS =
      """
      SELECT 'SCHEMA', n.oid::bigint, 0, 's', 0::bigint, NULL::text, quote_ident(n.nspname),
        quote_ident(n.nspname),
        ARRAY['owner', quote_ident(pg_get_userbyid(n.nspowner)), 'rights', {rights},
          'comment', {comment}]
      FROM pg_namespace n WHERE {user}
      """
          .replace("{rights}", RelationQueries.rights("n.nspacl", "'n'", "n.nspowner"))
          .replace("{comment}", RelationQueries.comment("pg_namespace", "n.oid", "0"))
          .replace("{user}", RelationQueries.USER_SCHEMA);

  private static final String EXTENSIONS =
      """
      SELECT 'EXTENSION', x.oid::bigint, 0, 's', 0::bigint, NULL::text, quote_ident(x.extname),
        quote_ident(x.extname), ARRAY['definition', x.extversion, 'schema', x.extnamespace::regnamespace::text,
          'comment', {comment}]
      FROM pg_extension x
      """
          .replace("{comment}", RelationQueries.comment("pg_extension", "x.oid", "0"));

  private static final String DEFAULT_PRIVILEGES =
      """
      SELECT 'DEFAULT PRIVILEGES', a.oid::bigint, 0, 's', 0::bigint, NULL::text,
        format('FOR ROLE %I%s ON %s', pg_get_userbyid(a.defaclrole),
          CASE WHEN a.defaclnamespace = 0 THEN '' ELSE ' IN SCHEMA ' || a.defaclnamespace::regnamespace::text END,
          CASE a.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS'
            WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS' ELSE 'LARGE OBJECTS' END),
        '', ARRAY['rights', (SELECT string_agg((CASE WHEN x.grantee = 0 THEN 'PUBLIC'
            ELSE quote_ident(pg_get_userbyid(x.grantee)) END) || ' ' || x.privilege_type
            || (CASE WHEN x.is_grantable THEN ' *' ELSE '' END), ';'
            ORDER BY x.grantee, x.privilege_type) FROM aclexplode(a.defaclacl) x)]
      FROM pg_default_acl a
      """;

  private static final String PUBLICATIONS =
      """
      SELECT 'PUBLICATION', p.oid::bigint, 0, 's', 0::bigint, NULL::text, quote_ident(p.pubname),
        quote_ident(p.pubname), ARRAY[
          'definition', (to_jsonb(p) - 'oid' - 'pubname' - 'pubowner')::text,
          'tables', (SELECT string_agg(r.prrelid::regclass::text
              || coalesce(' (' || (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
                FROM pg_attribute a WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs)) || ')', '')
              || coalesce(' WHERE (' || pg_get_expr(r.prqual, r.prrelid) || ')', ''), ', '
              ORDER BY r.prrelid::regclass::text COLLATE "C")
            FROM pg_publication_rel r WHERE r.prpubid = p.oid),
          'schemas', (SELECT string_agg(s.pnnspid::regnamespace::text, ', ' ORDER BY 1)
            FROM pg_publication_namespace s WHERE s.pnpubid = p.oid),
          'owner', quote_ident(pg_get_userbyid(p.pubowner)), 'comment', {comment}]
      FROM pg_publication p
      """
          .replace("ORDER BY 1)", "ORDER BY s.pnnspid::regnamespace::text COLLATE \"C\")")
          .replace("{comment}", RelationQueries.comment("pg_publication", "p.oid", "0"));

  private static final String STATISTICS =
      """
      SELECT 'STATISTICS', s.oid::bigint, 0, 's', 0::bigint, s.stxrelid::regclass::text,
        format('%I.%I', n.nspname, s.stxname), quote_ident(s.stxname),
        ARRAY['definition', pg_get_statisticsobjdef(s.oid),
          'statistics', nullif(coalesce(s.stxstattarget, -1), -1)::text,
          'owner', quote_ident(pg_get_userbyid(s.stxowner)), 'comment', {comment}]
      FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace AND {user}
      """
          .replace("{user}", RelationQueries.USER_SCHEMA)
          .replace("{comment}", RelationQueries.comment("pg_statistic_ext", "s.oid", "0"));

  private static final String USER_MAPPINGS =
      """
      SELECT 'USER MAPPING', u.umid::bigint, 0, 's', 0::bigint, NULL::text,
        format('FOR %I SERVER %I', u.usename, u.srvname), '',
        ARRAY['definition', md5(u.umoptions::text)]
      FROM pg_user_mappings u
      """;

  private static final String LABELS =
      """
      SELECT 'SECURITY LABEL', 0::bigint, 0, 's', 0::bigint, NULL::text,
        l.provider || ' ' || (pg_identify_object(l.classoid, l.objoid, l.objsubid)).identity, '',
        ARRAY['definition', l.label]
      FROM pg_seclabel l
      """;

  private static final String LARGE_OBJECTS =
      """
      SELECT 'LARGE OBJECTS', 0::bigint, 0, 's', 0::bigint, NULL::text, 'number', '',
        ARRAY['definition', (SELECT count(*) || ' ' || coalesce(sum(l.oid::bigint), 0)
          FROM pg_largeobject_metadata l)]
      """;

  /** Rights of built-in functions that are not as they are in a new database. */
  private static final String BUILT_IN =
      """
      UNION ALL
      SELECT 'BUILT-IN', c.oid::bigint, 0, 'f', c.oid::bigint, NULL::text, c.oid::regprocedure::text,
        '', ARRAY['rights', {rights}]
      FROM pg_proc c WHERE {some} AND c.oid < 16384 AND c.proacl IS NOT NULL
        AND NOT EXISTS (SELECT FROM pg_init_privs i WHERE i.classoid = 'pg_proc'::regclass
          AND i.objoid = c.oid AND i.initprivs::text = c.proacl::text)
      """
          .replace("{rights}", RelationQueries.rights("c.proacl", "'f'", "c.proowner"));

  private record Plain(String kind, String catalogue) {}

  private static final List<Plain> PLAIN =
      List.of(
          new Plain("EVENT TRIGGER", "pg_event_trigger"),
          new Plain("FOREIGN DATA WRAPPER", "pg_foreign_data_wrapper"),
          new Plain("SERVER", "pg_foreign_server"),
          new Plain("CAST", "pg_cast"),
          new Plain("OPERATOR", "pg_operator"),
          new Plain("OPERATOR CLASS", "pg_opclass"),
          new Plain("OPERATOR FAMILY", "pg_opfamily"),
          new Plain("OPERATOR OF FAMILY", "pg_amop"),
          new Plain("FUNCTION OF FAMILY", "pg_amproc"),
          new Plain("COLLATION", "pg_collation"),
          new Plain("CONVERSION", "pg_conversion"),
          new Plain("TEXT SEARCH CONFIGURATION", "pg_ts_config"),
          new Plain("TEXT SEARCH DICTIONARY", "pg_ts_dict"),
          new Plain("TEXT SEARCH PARSER", "pg_ts_parser"),
          new Plain("TEXT SEARCH TEMPLATE", "pg_ts_template"),
          new Plain("LANGUAGE", "pg_language"),
          new Plain("ACCESS METHOD", "pg_am"),
          new Plain("TRANSFORM", "pg_transform"));

  /** The rows of catalogues whose numbers of other objects are those of objects that stay. */
  private static String plain(Plain plain) {
    return """
    SELECT '%1$s', o.oid::bigint, 0, 's', 0::bigint, NULL::text,
      coalesce((pg_identify_object('%2$s'::regclass, o.oid, 0)).identity, o.oid::text), '',
      ARRAY['definition', (to_jsonb(o) - 'oid')::text || %4$s, 'comment', %5$s]
    FROM %2$s o WHERE o.oid >= %3$d AND %6$s
    """
        .formatted(
            plain.kind(),
            plain.catalogue(),
            FIRST_OF_USERS,
            plain.catalogue().equals("pg_ts_config")
                ? "coalesce((SELECT string_agg(m.maptokentype || ' ' || m.mapdict::regdictionary,"
                    + " ',' ORDER BY m.maptokentype, m.mapseqno) FROM pg_ts_config_map m WHERE"
                    + " m.mapcfg = o.oid), '')"
                : "''",
            RelationQueries.comment(plain.catalogue(), "o.oid", "0"),
            RelationQueries.ownOf(plain.catalogue(), "o.oid").replace("= 'e'", "IN ('e', 'i')"));
  }

  static String types(String some) {
    return TYPES.replace("{some}", some);
  }

  static String routines(String some) {
    return (ROUTINES + BUILT_IN).replace("{some}", some);
  }

  /** Those that the rest is read from. */
  static List<String> cataloguesOfRest() {
    return Stream.concat(
            Stream.of(
                "pg_namespace",
                "pg_extension",
                "pg_default_acl",
                "pg_publication",
                "pg_publication_rel",
                "pg_publication_namespace",
                "pg_statistic_ext",
                "pg_user_mapping",
                "pg_seclabel",
                "pg_largeobject_metadata",
                "pg_ts_config_map",
                "pg_description"),
            PLAIN.stream().map(Plain::catalogue))
        .toList();
  }

  /** What is always read as a whole, as there is little of it. */
  static String rest() {
    return String.join(
            "UNION ALL ",
            SCHEMAS,
            EXTENSIONS,
            DEFAULT_PRIVILEGES,
            PUBLICATIONS,
            STATISTICS,
            USER_MAPPINGS,
            LABELS,
            LARGE_OBJECTS)
        + PLAIN.stream()
            .map(OtherQueries::plain)
            .collect(Collectors.joining("UNION ALL ", "UNION ALL ", ""));
  }
}
