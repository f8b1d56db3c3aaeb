package io.whimbrel.validation.plugin;

import io.whimbrel.event.Phase;
import io.whimbrel.rule.RuleInfo;
import io.whimbrel.rule.RulePlugin;
import io.whimbrel.validation.rule.Category;
import io.whimbrel.validation.rule.CostClass;
import io.whimbrel.validation.rule.Example;
import io.whimbrel.validation.rule.RuleDescription;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A plug-in that was loaded, and what it said of itself.
 *
 * @param jar the name of its file
 */
public record Plugin(
    String jar, RulePlugin code, RuleDescription description, Duration timeout, Set<Phase> phases) {
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9_]{0,62}");

  public Plugin {
    phases = Set.copyOf(phases);
  }

  /**
   * Asks a plug-in what it is.
   *
   * @throws IllegalArgumentException if it is not what this service takes
   */
  static Plugin of(String jar, RulePlugin code) {
    if (code.version() != RulePlugin.VERSION) {
      throw new IllegalArgumentException(
          "%s is written for version %d of the interface, and this service has version %d; build it anew with that"
              .formatted(code.getClass().getName(), code.version(), RulePlugin.VERSION));
    }
    RuleInfo info = Objects.requireNonNull(code.info(), "info() returns null");
    missing(info)
        .ifPresent(
            part -> {
              throw new IllegalArgumentException("info() says nothing for " + part);
            });
    if (!ID.matcher(info.id()).matches()) {
      throw new IllegalArgumentException(
          "the id of a rule is of a-z, 0-9 and _, begins with a letter and has 63 characters at"
              + " most");
    }
    RuleDescription description =
        new RuleDescription(
            info.id(),
            info.name(),
            Category.CUSTOM,
            info.severity(),
            info.description(),
            info.why(),
            info.remedy(),
            CostClass.OWN,
            new Example(null, info.bad(), null),
            new Example(null, info.good(), null));
    return new Plugin(jar, code, description, code.timeout(), code.phases());
  }

  public String id() {
    return description.id();
  }

  // What the annotations promise, another's class may not keep.
  @SuppressWarnings("ConstantValue")
  private static Optional<String> missing(RuleInfo info) {
    record Part(String name, Object value) {}
    return Stream.of(
            new Part("id", info.id()),
            new Part("name", info.name()),
            new Part("severity", info.severity()),
            new Part("description", info.description()),
            new Part("why", info.why()),
            new Part("remedy", info.remedy()),
            new Part("bad", info.bad()),
            new Part("good", info.good()))
        .filter(part -> part.value() == null || part.value().toString().isBlank())
        .map(Part::name)
        .findFirst();
  }
}
