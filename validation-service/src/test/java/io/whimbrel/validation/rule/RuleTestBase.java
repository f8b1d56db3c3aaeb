package io.whimbrel.validation.rule;

import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Each test has a database of its own. */
@SuppressWarnings("NullAway.Init")
abstract class RuleTestBase {
  RuleFixture database;

  @BeforeEach
  void create() throws SQLException {
    database = new RuleFixture();
  }

  @AfterEach
  void drop() throws SQLException {
    database.close();
  }
}
