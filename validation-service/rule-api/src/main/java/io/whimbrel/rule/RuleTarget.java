package io.whimbrel.rule;

import io.whimbrel.event.Phase;
import io.whimbrel.event.TableName;
import java.sql.Connection;
import java.util.List;

/** A target as a validation looks at it. */
public interface RuleTarget {

  /** Its name in {@code targets.yaml}. */
  String name();

  Phase phase();

  /** The tables that the run touches or the request names, as far as they are there. */
  List<TableName> touched();

  /** The tables that refer to touched ones or that they refer to, if those are looked at too. */
  List<TableName> neighbours();

  /**
   * A connection in a read-only transaction that sees the same snapshot as all rules of the report,
   * under the validator's role, with the target's schemas as {@code search_path}. The plug-in
   * leaves the transaction and the connection as they are; both are gone after its look.
   */
  Connection connection();
}
