package io.whimbrel.executor.backup;

import static java.util.Map.entry;

import io.whimbrel.executor.schema.Quoted;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.postgresql.core.Oid;

/**
 * The expression that reduces a row to 64 bits, in which every byte of every value of it counts.
 *
 * <p>PostgreSQL hashes values so that equal ones hash alike, but equal is not the same: 1.0 equals
 * 1.00, and a bigint is folded to 32 bits so that it meets an integer. So only types whose hash
 * takes in all there is are hashed as they are; others as the bytes that PostgreSQL sends for them,
 * which costs a third of their text; and the rest as text, in which no oid appears that changes
 * when a type is made anew.
 */
final class RowHash {
  /** The first version in which values of every type here can be hashed outside of a row. */
  private static final int DIRECT_SINCE = 18;

  /** Which value of a column is hashed, and by which function from {@link #DIRECT_SINCE} on. */
  private record Form(String value, String function) {
    Form of(String column) {
      return new Form(value.formatted(column), function);
    }

    /** A seed for each column, so that two columns which exchange their values count. */
    String hash(int seed) {
      return "coalesce(%s(%s, %d), 0)".formatted(function, value, seed);
    }
  }

  private static final Form TEXT = new Form("%s COLLATE \"C\"", "hashtextextended");
  private static final Form ROW_OF_TEXTS =
      new Form("ROW(%s)::text COLLATE \"C\"", "hashtextextended");

  private static final Map<Long, Form> FORMS =
      Map.ofEntries(
          entry((long) Oid.BOOL, new Form("%s", "hashboolextended")),
          entry((long) Oid.INT2, new Form("%s", "hashint2extended")),
          entry((long) Oid.INT4, new Form("%s", "hashint4extended")),
          entry((long) Oid.INT8, sent("int8send")),
          entry((long) Oid.NUMERIC, sent("numeric_send")),
          entry((long) Oid.DATE, new Form("%s", "hashdateextended")),
          entry((long) Oid.TIMESTAMP, sent("timestamp_send")),
          entry((long) Oid.TIMESTAMPTZ, sent("timestamptz_send")),
          entry((long) Oid.UUID, new Form("%s", "uuid_hash_extended")),
          entry((long) Oid.BYTEA, new Form("%s", "hashbyteaextended")),
          entry((long) Oid.TEXT, TEXT),
          entry((long) Oid.VARCHAR, TEXT));

  private RowHash() {}

  private static Form sent(String function) {
    return new Form(function + "(%s)", "hashbyteaextended");
  }

  /**
   * The expression, a bigint. Servers of different versions may have different ones, and a
   * fingerprint is only compared with others of its database.
   *
   * @param columns in any order; they are hashed in the order of their names
   */
  static String of(Connection connection, List<TableShape.Column> columns) throws SQLException {
    List<Form> values = values(columns);
    return connection.getMetaData().getDatabaseMajorVersion() >= DIRECT_SINCE
        ? direct(values)
        : withinRow(values);
  }

  private static List<Form> values(List<TableShape.Column> columns) {
    var values = new ArrayList<Form>();
    var texts = new ArrayList<String>();
    columns.stream()
        .sorted(Comparator.comparing(TableShape.Column::name))
        .forEach(
            column -> {
              String name = Quoted.name(column.name());
              Form form = FORMS.get(column.typeOid());
              if (form == null) {
                texts.add(name);
              } else {
                values.add(form.of(name));
              }
            });
    if (!texts.isEmpty() || values.isEmpty()) {
      values.add(ROW_OF_TEXTS.of(String.join(", ", texts)));
    }
    return values;
  }

  // Both ways end with a hash of the hash: without it, rows that exchange a value would often, or
  // always, have the sum that they had.

  private static String direct(List<Form> values) {
    var hashes = new ArrayList<String>();
    for (Form value : values) {
      hashes.add(value.hash(hashes.size() + 1));
    }
    return "hashbyteaextended(int8send(%s), 0)".formatted(String.join(" # ", hashes));
  }

  private static String withinRow(List<Form> values) {
    return "hash_record_extended(ROW(int8send(hash_record_extended(ROW(%s), 0))), 0)"
        .formatted(values.stream().map(Form::value).collect(Collectors.joining(", ")));
  }
}
