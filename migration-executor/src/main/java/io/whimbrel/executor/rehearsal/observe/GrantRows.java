package io.whimbrel.executor.rehearsal.observe;

import io.whimbrel.executor.rehearsal.facts.OtherState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Privileges that are not those an object has by default. GRANT locks nothing, so what it changed
 * is known by the transaction that wrote the rows.
 */
final class GrantRows extends CatalogueRows<OtherState> {

  /** What holds privileges. */
  static final String[] CATALOGUES = {
    "pg_class", "pg_attribute", "pg_namespace", "pg_proc", "pg_type", "pg_default_acl"
  };

  private static final String SQL =
      Stream.of(
              of("pg_class", "relacl", "x.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')", "x.oid", "0"),
              of("pg_namespace", "nspacl", "true", "0", "0"),
              of("pg_proc", "proacl", "true", "0", "0"),
              of("pg_type", "typacl", "true", "0", "0"),
              of("pg_default_acl", "defaclacl", "true", "0", "0"),
              of("pg_attribute", "attacl", "x.attnum <> 0", "x.attrelid", "x.attnum"))
          .collect(
              Collectors.joining(
                  " UNION ALL ",
                  "SELECT p.oid, p.sub, p.relation, p.acl, p.class::oid AS of,"
                      + " (pg_catalog.pg_identify_object(p.class, p.oid, p.sub)).* FROM (",
                  ") p WHERE p.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e"
                      + " WHERE e.classid = p.class AND e.objid = p.oid AND e.deptype = 'e')"));

  private static final String ALL = SQL + " AND p.acl IS NOT NULL";

  // Of the open transaction and what is nested in it.
  private static final String TOUCHED = SQL + " AND pg_catalog.age(p.xmin) <= 0";

  private final Names names;

  GrantRows(Names names) {
    super(ALL, "p.relation");
    this.names = names;
  }

  // A column is a part of its relation to those who name objects.
  private static String of(String catalogue, String acl, String such, String relation, String sub) {
    boolean column = catalogue.equals("pg_attribute");
    return ("SELECT 'pg_catalog.%1$s'::regclass AS class, %2$s AS oid, %3$s::int AS sub,"
            + " %4$s AS relation, x.%5$s::text AS acl, x.xmin FROM pg_catalog.%6$s x WHERE %7$s")
        .formatted(
            column ? "pg_class" : catalogue,
            column ? "x.attrelid" : "x.oid",
            sub,
            relation,
            acl,
            catalogue,
            such);
  }

  /** What the open transaction has written to, whether it has privileges of its own now or not. */
  List<CatalogueRow<OtherState>> touched(Connection connection) throws SQLException {
    List<CatalogueRow<OtherState>> rows = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(TOUCHED);
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        rows.add(row(row));
      }
    }
    return rows;
  }

  /** Whether it is about objects that are to come, so that it is no part of one. */
  static boolean ofDefaults(Difference<OtherState> difference) {
    return difference.change().either().name().startsWith("default acl ");
  }

  @Override
  CatalogueRow<OtherState> row(ResultSet row) throws SQLException {
    long relation = row.getLong("relation");
    var state =
        new OtherState(
            OtherState.Kind.GRANT,
            row.getString("type") + " " + row.getString("identity"),
            relation == 0 ? null : names.now(relation),
            row.getString("acl"));
    long number = row.getLong("oid") + (row.getLong("of") << 32) + ((long) row.getInt("sub") << 48);
    return new CatalogueRow<>(number, relation, 0, compared(state.definition()), state);
  }
}
