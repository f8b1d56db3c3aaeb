package io.whimbrel.validation.rule;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Rows that are equal to others. A 64-bit hash of each row is grouped first, which sorts little;
 * only rows whose hash is there twice are compared as they are, and mostly there are none.
 *
 * @param entries query of what is compared, row by row
 * @param hash of an entry, equal for equal ones; null when there is none for its types
 * @param equal GROUP BY list that says which entries are equal
 */
record Duplicates(String entries, @Nullable String hash, String equal) {

  /** Groups of equal entries, with their size n. */
  private String groups() {
    return "select count(*) as n from (%s) as e group by %s having count(*) > 1"
        .formatted(suspects(), equal);
  }

  /** Query of the entries that may have an equal. */
  String suspects() {
    return hash == null
        ? entries
        : "select e.* from (%s) as e where %s in (%s)".formatted(entries, hash, collisions());
  }

  private String collisions() {
    return "select h from (select %s as h from (%s) as e) as hashed group by h having count(*) > 1"
        .formatted(hash, entries);
  }

  /** How many entries have an equal, and how many of those are surplus. */
  Count count(Rows rows) throws SQLException {
    if (hash != null && rows.count("select count(*) from (" + collisions() + ") as c") == 0) {
      return new Count(0, 0);
    }
    Long[] counts =
        rows.counts(
            "select array[coalesce(sum(n), 0)::int8, count(*)] from (" + groups() + ") as g");
    return new Count(counts[0], counts[0] - counts[1]);
  }

  record Count(long rows, long surplus) {}

  /**
   * The hash of entries whose columns are k1, k2 and so on, none of them NULL.
   *
   * @param types of the columns, as PostgreSQL names them
   */
  static String hash(List<String> types) {
    String type = types.size() == 1 ? types.get(0) : "";
    return switch (type) {
      case "text", "character varying" -> "hashtextextended(k1, 0)";
      case "integer" -> "hashint4extended(k1, 0)";
      case "bigint" -> "hashint8extended(k1, 0)";
      case "uuid" -> "uuid_hash_extended(k1, 0)";
      default -> hashOfNulls(types.size());
    };
  }

  /** The same where NULL is a value like others, which it is in a row. */
  static String hashOfNulls(int columns) {
    return "hash_record_extended(row(" + names(columns) + "), 0)";
  }

  /** k1, k2 and so on. */
  static String names(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> "k" + i).collect(Collectors.joining(", "));
  }
}
