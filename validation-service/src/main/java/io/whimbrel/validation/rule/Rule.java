package io.whimbrel.validation.rule;

import java.sql.SQLException;
import java.util.List;

/** Looks for one kind of wrong rows. */
public interface Rule {

  RuleDescription description();

  default String id() {
    return description().id();
  }

  /**
   * Looks at every table of the context's scope that the rule applies to, each through {@link
   * RuleContext#look}, so that one table that cannot be read hides no other.
   *
   * @throws SQLException when the look as a whole has failed
   */
  List<Finding> check(RuleContext context) throws SQLException;
}
