package io.whimbrel.validation.rule;

import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One thing that a rule wants looked at. The rule says what; readings decide how and when. */
public sealed interface Look {

  /** What is looked at; null when it is the server as a whole. */
  @Nullable Table table();

  /** What wrong rows mean. */
  interface Judge {
    Finding of(Evidence evidence);
  }

  /** Reads for itself. */
  interface Question {
    List<Finding> ask(Rows rows) throws SQLException;
  }

  /**
   * A condition that tells a row to be wrong by itself. All conditions on the rows of one FROM item
   * are answered while its rows are read once.
   *
   * @param from FROM item
   * @param keys the table's key as a SELECT list over the FROM item
   * @param where true for a wrong row
   */
  record Condition(Table table, String from, String keys, String where, Judge judge)
      implements Look {

    /** On the rows of a table, named {@code c}. */
    static Condition on(Table table, String rows, String where, Judge judge) {
      return new Condition(table, rows + " as c", table.keyColumns(), where, judge);
    }
  }

  /**
   * What needs a query of its own: rows compared with other rows.
   *
   * @param whole whether it reads all rows of the table
   */
  record Search(@Nullable Table table, Question question, boolean whole) implements Look {

    /** One that reads little, or what only its author knows. */
    Search(@Nullable Table table, Question question) {
      this(table, question, false);
    }

    /** One that reads all rows of the table, and of which a sample tells nothing. */
    static Search whole(Table table, Question question) {
      return new Search(table, question, true);
    }
  }

  /** What is noted for a later look, as there is nothing yet to compare it with. */
  record Note(@Nullable Table table, Question question) implements Look {}

  /** What the catalogue has already answered. */
  record Known(@Nullable Table table, List<Finding> findings) implements Look {
    public Known {
      findings = List.copyOf(findings);
    }
  }
}
