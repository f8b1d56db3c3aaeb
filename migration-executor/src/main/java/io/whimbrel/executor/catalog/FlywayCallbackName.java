package io.whimbrel.executor.catalog;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code afterMigrate.sql}, {@code beforeEachMigrate__audit.sql}.
 *
 * @param event what stands before the separator
 * @param description what stands behind it; may be empty
 */
record FlywayCallbackName(String event, String description) {

  private static final Map<String, Moment> RUN =
      Arrays.stream(Moment.values())
          .collect(Collectors.toUnmodifiableMap(FlywayCallbackName::event, Function.identity()));
  private static final Pattern NAME =
      Pattern.compile(
          "((?:before|after)(?:Each)?(?:Clean|Migrate|Undo|Validate|Baseline|Repair|Info"
              + "|Versioned|Repeatables|CreateSchema|Connect)(?:Statement)?(?:Applied)?(?:Error)?"
              + "(?:OperationFinish)?|createSchema)(?:__(.*))?");

  /** Of a file name without its suffix; empty if it is none of Flyway's events. */
  static Optional<FlywayCallbackName> parse(String stem) {
    Matcher name = NAME.matcher(stem);
    return name.matches()
        ? Optional.of(
            new FlywayCallbackName(name.group(1), name.group(2) == null ? "" : name.group(2)))
        : Optional.empty();
  }

  Optional<Moment> moment() {
    return Optional.ofNullable(RUN.get(event));
  }

  // AFTER_EACH_MIGRATE is afterEachMigrate.
  private static String event(Moment moment) {
    String words =
        Arrays.stream(moment.name().split("_"))
            .map(w -> w.charAt(0) + w.substring(1).toLowerCase(Locale.ROOT))
            .collect(Collectors.joining());
    return words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1);
  }
}
