package io.whimbrel.validation.rule;

import java.sql.SQLException;
import java.util.List;

/** Knows one kind of fault: where it may be, and what it means. It reads no row itself. */
public interface Rule {

  RuleDescription description();

  default String id() {
    return description().id();
  }

  /**
   * Everything of the context's scope that the rule applies to, as the catalogue has it.
   *
   * @throws SQLException when the catalogue cannot be read
   */
  List<Look> looks(RuleContext context) throws SQLException;
}
