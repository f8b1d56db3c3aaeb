package io.whimbrel.validation.rule;

import java.sql.SQLException;
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
}
