package io.whimbrel.validation.rule;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The catalogue of rules as Markdown: an index and a page for each rule. */
final class RulePages {

  private RulePages() {}

  /** File name to text. */
  static Map<String, String> all() {
    Map<String, String> pages = new TreeMap<>();
    pages.put("README.md", index());
    Rules.ALL.forEach(rule -> pages.put(rule.id() + ".md", page(rule.description())));
    return pages;
  }

  private static String index() {
    return """
    # Rules

    What the validation service looks for. These pages are made from the catalogue that
    `GET /api/v1/migrations/validation/rules` serves; a test compares them. A rule that is not here
    does not exist. Each example is run by a test on PostgreSQL 15 and 18.

    | rule | looks for | category | severity | cost |
    |---|---|---|---|---|
    %s
    Severity is that of findings in a table that a run touches; in a neighbouring table they warn.
    Cost says what is read of each thing that is looked at: the `catalogue`, each row in one `scan`,
    each row looked up in another table (`join`), or all rows sorted or hashed (`sort`).
    """
        .formatted(
            Rules.ALL.stream()
                .map(Rule::description)
                .map(RulePages::row)
                .collect(Collectors.joining()));
  }

  private static String row(RuleDescription rule) {
    return "| [%s](%s.md) | %s | %s | %s | %s |\n"
        .formatted(
            rule.id(),
            rule.id(),
            rule.name(),
            rule.category().id(),
            lower(rule.severity()),
            lower(rule.costClass()));
  }

  private static String page(RuleDescription rule) {
    return """
    # %s

    `%s` · %s · %s · cost: %s

    %s

    **Why it matters.** %s

    **What to do.** %s

    ## Found

    %s
    ## Not found

    %s\
    """
        .formatted(
            rule.name(),
            rule.id(),
            rule.category().id(),
            lower(rule.severity()),
            lower(rule.costClass()),
            rule.description(),
            rule.why(),
            rule.remedy(),
            example(rule.bad()),
            example(rule.good()));
  }

  private static String example(Example example) {
    String rules = example.rules();
    return (rules == null ? "" : "```yaml\n" + rules + "```\n\n")
        + "```sql\n"
        + example.sql()
        + "```\n"
        + (example.after() == null
            ? ""
            : "\nAnd after a first look:\n\n```sql\n" + example.after() + "```\n");
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
