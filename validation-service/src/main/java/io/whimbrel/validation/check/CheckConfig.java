package io.whimbrel.validation.check;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.whimbrel.validation.rule.Mode;
import java.time.Duration;
import java.util.List;

/** How the rules look at a target. */
@ConfigMapping(prefix = "whimbrel.validation.check")
public interface CheckConfig {

  /**
   * {@code quick} looks at what PostgreSQL does not guarantee, {@code full} at everything, {@code
   * sample} as quick does, but only at a part of large tables.
   */
  @WithDefault("quick")
  Mode mode();

  /** In mode {@code sample}, tables of at most so many rows are read whole. */
  @WithDefault("1000000")
  long sampleAbove();

  /** In mode {@code sample}, about so many rows of a larger table are read. */
  @WithDefault("100000")
  long sampleRows();

  /** The longest that one question to the target may take; a rule that needs longer has failed. */
  @WithDefault("5m")
  Duration statementTimeout();

  /** The longest to wait for a lock on the target; the validation is then tried again. */
  @WithDefault("5s")
  Duration lockTimeout();

  /** How many connections read a target for one validation at the same time. */
  @WithDefault("2")
  int connections();

  /**
   * How many connections all validations together may have to one target at the same time. As many
   * validations of it as fit are worked on at once, but always one.
   */
  @WithDefault("6")
  int targetConnections();

  /** How many validations of one target fit, each with its readers and its snapshot. */
  default int validationsPerTarget() {
    return Math.max(1, targetConnections() / (connections() + 1));
  }

  /** The readers of one validation: at least one, and no more than the target is to bear. */
  default int readers() {
    return Math.max(1, Math.min(connections(), targetConnections() - 1));
  }

  /** The categories of the rules that look before and after a run. */
  @WithDefault("data_integrity,business_logic,custom")
  List<String> categories();
}
