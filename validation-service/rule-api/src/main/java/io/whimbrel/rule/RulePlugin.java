package io.whimbrel.rule;

import io.whimbrel.event.Phase;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A rule of somebody else's. Its class is named in {@code
 * META-INF/services/io.whimbrel.rule.RulePlugin} of a jar, is public and has a public constructor
 * without parameters. There is one instance, asked by several threads when several validations run.
 */
public interface RulePlugin {

  /** The version of this interface. A service takes plug-ins of its own version only. */
  int VERSION = 1;

  /**
   * The version that the plug-in is written for. Write {@code return VERSION;}: the compiler puts
   * the number of that day into the plug-in.
   */
  int version();

  /** What the catalogue says of the rule; asked once. */
  RuleInfo info();

  /** How long a look may take; the service's own limit may be shorter. Asked once. */
  default Duration timeout() {
    return Duration.ofSeconds(30);
  }

  /** When the rule looks; asked once. */
  default Set<Phase> phases() {
    return EnumSet.allOf(Phase.class);
  }

  /**
   * Looks at a target. When it takes too long its thread is interrupted and its connection is gone.
   *
   * @return what is wrong; empty if nothing is
   * @throws Exception if it cannot look; the report then says so, and nobody takes the rule for
   *     passed
   */
  List<Violation> look(RuleTarget target) throws Exception;
}
