-- The structure of the database as facts: what it is of, whose table it belongs to, and its value;
-- and where scripts of the structure leave something out, how to establish and how to remove it.
-- Every name is qualified (search_path is pg_catalog), no oid appears, and nothing depends on the
-- order in which things were made. Bookkeeping (schema whimbrel, flyway_schema_history) and what
-- extensions brought along are left out.
WITH space AS (
  SELECT n.* FROM pg_namespace n
  WHERE n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'whimbrel')),
ours AS (
  SELECT classid, objid FROM pg_depend WHERE deptype = 'e'),
rel AS (
  SELECT c.*, s.nspname, format('%I.%I', s.nspname, c.relname) AS name,
         coalesce(ts.nspname, s.nspname) AS of_schema, coalesce(t.relname, c.relname) AS of_table,
         coalesce(t.relkind, c.relkind) IN ('r', 'p', 'f') AS tabular
  FROM pg_class c
  JOIN space s ON s.oid = c.relnamespace
  LEFT JOIN pg_index i ON i.indexrelid = c.oid
  LEFT JOIN pg_class t ON t.oid = i.indrelid
  LEFT JOIN pg_namespace ts ON ts.oid = t.relnamespace
  WHERE coalesce(t.relname, c.relname) <> 'flyway_schema_history'
    AND NOT EXISTS (
      SELECT FROM ours WHERE classid = 'pg_class'::regclass AND objid IN (c.oid, t.oid))),
typ AS (
  SELECT t.*, format('%I.%I', s.nspname, t.typname) AS name
  FROM pg_type t JOIN space s ON s.oid = t.typnamespace
  WHERE t.typtype IN ('e', 'd', 'c', 'r') AND (t.typrelid = 0
      OR t.typrelid IN (SELECT oid FROM pg_class WHERE relkind = 'c'))
    AND NOT EXISTS (
      SELECT FROM ours WHERE classid = 'pg_type'::regclass AND objid = t.oid)),
fun AS (
  SELECT p.*, p.oid::regprocedure::text AS name
  FROM pg_proc p JOIN space s ON s.oid = p.pronamespace
  WHERE NOT EXISTS (
      SELECT FROM ours WHERE classid = 'pg_proc'::regclass AND objid = p.oid)),
col AS (
  SELECT a.*, r.oid AS reloid, r.name AS relation, r.relkind, r.relowner,
         r.name || '.' || quote_ident(a.attname) AS name, r.of_schema, r.of_table, r.tabular,
         row_number() OVER (PARTITION BY r.oid ORDER BY a.attnum) AS place
  FROM pg_attribute a JOIN rel r ON r.oid = a.attrelid
  WHERE a.attnum > 0 AND NOT a.attisdropped),
rights AS (
  SELECT 'relation' AS kind, name, of_schema, of_table, tabular,
         CASE relkind WHEN 'S' THEN 'SEQUENCE ' ELSE 'TABLE ' END || name AS target,
         coalesce(relacl,
           acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner)) AS acl,
         relowner AS owner, '' AS part
  FROM rel WHERE relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
  UNION ALL
  SELECT 'type', name, NULL, NULL, false, 'TYPE ' || name,
         coalesce(typacl, acldefault('T', typowner)), typowner, '' FROM typ
  UNION ALL
  SELECT 'function', name, NULL, NULL, false, 'ROUTINE ' || name,
         coalesce(proacl, acldefault('f', proowner)), proowner, '' FROM fun
  UNION ALL
  SELECT 'schema', quote_ident(nspname), NULL, NULL, false, 'SCHEMA ' || quote_ident(nspname),
         coalesce(nspacl, acldefault('n', nspowner)), nspowner, ''
  FROM space
  UNION ALL
  SELECT 'column', name, of_schema, of_table, tabular, 'TABLE ' || relation, attacl, relowner,
         ' (' || quote_ident(attname) || ')'
  FROM col WHERE attacl IS NOT NULL)

SELECT 'schema' AS kind, quote_ident(nspname) AS object, NULL AS of_schema, NULL AS of_table,
       pg_get_userbyid(nspowner)::text AS value, NULL AS establish, NULL AS remove
FROM space
UNION ALL
SELECT 'relation', name, CASE WHEN tabular THEN of_schema END, CASE WHEN tabular THEN of_table END,
       concat_ws(' ', relkind, relpersistence, pg_get_userbyid(relowner), reloptions::text,
         'rls', relrowsecurity, relforcerowsecurity,
         'part', pg_get_partkeydef(rel.oid), pg_get_expr(relpartbound, rel.oid),
         'type', reloftype::regtype, 'am', (SELECT amname FROM pg_am WHERE pg_am.oid = relam),
         'toast', (SELECT t.reloptions::text FROM pg_class t WHERE t.oid = rel.reltoastrelid),
         'filled', relispopulated), NULL, NULL
FROM rel WHERE relkind <> 'c'
UNION ALL
SELECT 'column', name, CASE WHEN tabular THEN of_schema END, CASE WHEN tabular THEN of_table END,
       concat_ws(' ', place, format_type(atttypid, atttypmod), attcollation::regcollation,
         CASE WHEN attnotnull THEN 'not null' END,
         CASE WHEN relkind IN ('r', 'p', 'f') THEN pg_get_expr(d.adbin, d.adrelid) END,
         'identity', attidentity, 'generated', attgenerated, 'storage', attstorage, attcompression,
         'statistics', nullif(attstattarget, -1), attoptions::text, attislocal, attinhcount),
       NULL, NULL
FROM col LEFT JOIN pg_attrdef d ON d.adrelid = reloid AND d.adnum = attnum
WHERE relkind IN ('r', 'p', 'f', 'v', 'm', 'c')
UNION ALL
SELECT 'index statistics', name, of_schema, of_table, attstattarget::text,
       format('ALTER INDEX %s ALTER COLUMN %s SET STATISTICS %s', relation, attnum, attstattarget),
       format('ALTER INDEX %s ALTER COLUMN %s SET STATISTICS -1', relation, attnum)
FROM col WHERE relkind IN ('i', 'I') AND attstattarget >= 0
UNION ALL
SELECT 'constraint', r.name || '.' || quote_ident(k.conname), r.of_schema, r.of_table,
       -- An inherited one counts as validated in a child that is made anew.
       concat_ws(' ', replace(pg_get_constraintdef(k.oid),
           CASE WHEN k.conislocal THEN '' ELSE ' NOT VALID' END, ''),
         CASE WHEN k.conislocal THEN k.convalidated END, k.conislocal, k.coninhcount,
         k.connoinherit), NULL, NULL
FROM pg_constraint k JOIN rel r ON r.oid = k.conrelid
-- The copies of a foreign key for each partition have names of PostgreSQL's own choice.
WHERE NOT (k.contype = 'f' AND k.conparentid <> 0)
UNION ALL
SELECT 'constraint', t.name || '.' || quote_ident(k.conname), NULL, NULL,
       concat_ws(' ', pg_get_constraintdef(k.oid), k.convalidated), NULL, NULL
FROM pg_constraint k JOIN typ t ON t.oid = k.contypid
UNION ALL
SELECT 'index', r.name, CASE WHEN tabular THEN of_schema END, CASE WHEN tabular THEN of_table END,
       concat_ws(' ', pg_get_indexdef(r.oid), i.indisclustered, i.indisvalid), NULL, NULL
FROM pg_index i JOIN rel r ON r.oid = i.indexrelid
UNION ALL
SELECT 'replica identity', r.name, r.of_schema, r.of_table, x.identity,
       format('ALTER TABLE %s REPLICA IDENTITY %s', r.name, x.identity),
       format('ALTER TABLE %s REPLICA IDENTITY DEFAULT', r.name)
FROM rel r CROSS JOIN LATERAL (
  SELECT CASE r.relreplident WHEN 'f' THEN 'FULL' WHEN 'n' THEN 'NOTHING' ELSE (
    SELECT 'USING INDEX ' || quote_ident(x.relname)
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid
    WHERE i.indrelid = r.oid AND i.indisreplident) END AS identity) x
WHERE r.relkind IN ('r', 'p') AND r.relreplident IN ('f', 'n', 'i')
UNION ALL
SELECT 'trigger', r.name || '.' || quote_ident(t.tgname), CASE WHEN tabular THEN of_schema END,
       CASE WHEN tabular THEN of_table END, concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled),
       NULL, NULL
FROM pg_trigger t JOIN rel r ON r.oid = t.tgrelid WHERE NOT t.tgisinternal
UNION ALL
SELECT 'rule', r.name || '.' || quote_ident(w.rulename), CASE WHEN tabular THEN of_schema END,
       CASE WHEN tabular THEN of_table END, concat_ws(' ', pg_get_ruledef(w.oid), w.ev_enabled),
       NULL, NULL
FROM pg_rewrite w JOIN rel r ON r.oid = w.ev_class WHERE w.rulename <> '_RETURN'
UNION ALL
SELECT 'view', name, NULL, NULL, pg_get_viewdef(oid), NULL, NULL
FROM rel WHERE relkind IN ('v', 'm')
UNION ALL
SELECT 'policy', r.name || '.' || quote_ident(p.polname), r.of_schema, r.of_table,
       concat_ws(' ', p.polcmd, p.polpermissive,
         (SELECT string_agg(CASE role WHEN 0 THEN 'public' ELSE pg_get_userbyid(role)::text END, ','
            ORDER BY role) FROM unnest(p.polroles) role),
         'using', pg_get_expr(p.polqual, p.polrelid),
         'check', pg_get_expr(p.polwithcheck, p.polrelid)), NULL, NULL
FROM pg_policy p JOIN rel r ON r.oid = p.polrelid
UNION ALL
SELECT 'statistics', format('%I.%I', s.nspname, x.stxname), r.of_schema, r.of_table,
       concat_ws(' ', pg_get_statisticsobjdef(x.oid), pg_get_userbyid(x.stxowner),
         nullif(x.stxstattarget, -1)), NULL, NULL
FROM pg_statistic_ext x JOIN space s ON s.oid = x.stxnamespace JOIN rel r ON r.oid = x.stxrelid
UNION ALL
SELECT 'sequence', r.name, NULL, NULL,
       concat_ws(' ', seqtypid::regtype, seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle,
         (SELECT string_agg(d.deptype::text || ' ' || d.refobjid::regclass || '.' || a.attname, ',')
          FROM pg_depend d
          JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
          WHERE d.classid = 'pg_class'::regclass AND d.objid = r.oid
            AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i'))), NULL, NULL
FROM pg_sequence q JOIN rel r ON r.oid = q.seqrelid
UNION ALL
SELECT 'inheritance', r.name || ' of ' || p.name, r.of_schema, r.of_table,
       concat_ws(' ', i.inhseqno, i.inhdetachpending), NULL, NULL
FROM pg_inherits i JOIN rel r ON r.oid = i.inhrelid JOIN rel p ON p.oid = i.inhparent
WHERE r.relkind IN ('r', 'p', 'f')
UNION ALL
SELECT 'type', name, NULL, NULL,
       concat_ws(' ', typtype, pg_get_userbyid(typowner), CASE WHEN typnotnull THEN 'not null' END,
         typdefault, CASE typtype WHEN 'd' THEN format_type(typbasetype, typtypmod) END,
         CASE typtype WHEN 'd' THEN typcollation::regcollation END,
         (SELECT string_agg(quote_literal(enumlabel), ',' ORDER BY enumsortorder)
          FROM pg_enum WHERE enumtypid = typ.oid),
         (SELECT concat_ws(' ', rngsubtype::regtype, rngcollation::regcollation,
            rngcanonical, rngsubdiff, rngmultitypid::regtype)
          FROM pg_range WHERE rngtypid = typ.oid)), NULL, NULL
FROM typ
UNION ALL
SELECT 'function', name, NULL, NULL,
       concat_ws(' ', pg_get_userbyid(proowner), CASE WHEN prokind <> 'a' THEN
         pg_get_functiondef(fun.oid) ELSE (
           SELECT concat_ws(' ', aggtransfn, aggfinalfn, aggcombinefn, aggtranstype::regtype,
             agginitval, aggsortop::regoperator)
           FROM pg_aggregate WHERE aggfnoid = fun.oid) END), NULL, NULL
FROM fun
UNION ALL
SELECT 'published table', quote_ident(p.pubname) || ' ' || r.name, r.of_schema, r.of_table,
       x.part,
       format('ALTER PUBLICATION %I ADD TABLE ONLY %s %s', p.pubname, r.name, x.part),
       format('ALTER PUBLICATION %I DROP TABLE ONLY %s', p.pubname, r.name)
FROM pg_publication_rel m
JOIN pg_publication p ON p.oid = m.prpubid JOIN rel r ON r.oid = m.prrelid
CROSS JOIN LATERAL (
  SELECT concat_ws(' ',
    '(' || (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname)
            FROM pg_attribute a
            WHERE a.attrelid = r.oid AND a.attnum = ANY (m.prattrs::int2[])) || ')',
    'WHERE (' || pg_get_expr(m.prqual, m.prrelid) || ')') AS part) x
UNION ALL
SELECT 'comment', concat_ws(' ', i.type, i.identity), r.of_schema, r.of_table, d.description,
       NULL, NULL
FROM pg_description d
CROSS JOIN LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) i
LEFT JOIN pg_constraint k ON d.classoid = 'pg_constraint'::regclass AND k.oid = d.objoid
LEFT JOIN pg_trigger t ON d.classoid = 'pg_trigger'::regclass AND t.oid = d.objoid
LEFT JOIN pg_policy p ON d.classoid = 'pg_policy'::regclass AND p.oid = d.objoid
LEFT JOIN pg_rewrite w ON d.classoid = 'pg_rewrite'::regclass AND w.oid = d.objoid
LEFT JOIN pg_statistic_ext x ON d.classoid = 'pg_statistic_ext'::regclass AND x.oid = d.objoid
LEFT JOIN rel r ON r.tabular AND r.oid = coalesce(k.conrelid, t.tgrelid, p.polrelid, w.ev_class,
  x.stxrelid, CASE WHEN d.classoid = 'pg_class'::regclass THEN d.objoid END)
WHERE d.objoid >= 16384
  AND d.classoid NOT IN ('pg_extension'::regclass, 'pg_event_trigger'::regclass,
    'pg_publication'::regclass, 'pg_subscription'::regclass)
  AND (i.schema IS NULL OR i.schema IN (SELECT nspname FROM space))
  AND (d.classoid <> 'pg_namespace'::regclass OR d.objoid IN (SELECT oid FROM space))
  AND NOT EXISTS (
    SELECT FROM ours WHERE classid = d.classoid AND objid = d.objoid)
UNION ALL
SELECT 'right', concat_ws(' ', kind, name), CASE WHEN tabular THEN of_schema END,
       CASE WHEN tabular THEN of_table END,
       (SELECT string_agg(item, ' ' ORDER BY item) FROM unnest(acl::text[]) item),
       (SELECT string_agg(
          format('GRANT %s ON %s TO %s%s', privileges, target, grantee, option), '; '
          ORDER BY grantee, option)
        FROM (
          SELECT string_agg(privilege_type || part, ', ' ORDER BY privilege_type) AS privileges,
                 CASE x.grantee WHEN 0 THEN 'PUBLIC'
                   ELSE quote_ident(pg_get_userbyid(x.grantee)) END AS grantee,
                 CASE WHEN is_grantable THEN ' WITH GRANT OPTION' END AS option
          FROM aclexplode(acl) x WHERE x.grantor = owner GROUP BY x.grantee, is_grantable) g),
       (SELECT string_agg(format('REVOKE ALL%s ON %s FROM %s', part, target, grantee), '; '
          ORDER BY grantee)
        FROM (
          SELECT DISTINCT CASE x.grantee WHEN 0 THEN 'PUBLIC'
              ELSE quote_ident(pg_get_userbyid(x.grantee)) END AS grantee
          FROM aclexplode(acl) x WHERE x.grantor = owner) g)
FROM rights
UNION ALL
SELECT 'default rights', concat_ws(' ', d.clause, d.things), NULL, NULL,
       (SELECT string_agg(item, ' ' ORDER BY item) FROM unnest(d.defaclacl::text[]) item),
       concat_ws('; ', b.revoked, g.granted), concat_ws('; ', g.revoked, b.granted)
FROM (
  SELECT a.*,
         concat_ws(' ', 'ALTER DEFAULT PRIVILEGES FOR ROLE',
           quote_ident(pg_get_userbyid(a.defaclrole)),
           'IN SCHEMA ' || quote_ident(s.nspname)) AS clause,
         CASE a.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES'
           WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES' ELSE 'SCHEMAS' END AS things
  FROM pg_default_acl a LEFT JOIN space s ON s.oid = a.defaclnamespace
  WHERE a.defaclobjtype IN ('r', 'S', 'f', 'T', 'n')
    AND (a.defaclnamespace = 0 OR s.oid IS NOT NULL)) d
CROSS JOIN LATERAL (
  SELECT string_agg(format('%s GRANT %s ON %s TO %s%s', clause, privilege_type, things, who,
           CASE WHEN is_grantable THEN ' WITH GRANT OPTION' END), '; ') AS granted,
         string_agg(DISTINCT format('%s REVOKE ALL ON %s FROM %s', clause, things, who), '; ')
           AS revoked
  FROM aclexplode(d.defaclacl) x CROSS JOIN LATERAL (
    SELECT CASE x.grantee WHEN 0 THEN 'PUBLIC'
             ELSE quote_ident(pg_get_userbyid(x.grantee)) END AS who) w) g
-- Without an entry the database's own defaults hold; those of a schema come on top of them.
CROSS JOIN LATERAL (
  SELECT string_agg(format('%s GRANT %s ON %s TO %s', clause, privilege_type, things, who), '; ')
           AS granted,
         string_agg(DISTINCT format('%s REVOKE ALL ON %s FROM %s', clause, things, who), '; ')
           AS revoked
  FROM aclexplode(CASE d.defaclnamespace WHEN 0 THEN acldefault(
      CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END, d.defaclrole) END) x
  CROSS JOIN LATERAL (
    SELECT CASE x.grantee WHEN 0 THEN 'PUBLIC'
             ELSE quote_ident(pg_get_userbyid(x.grantee)) END AS who) w) b
