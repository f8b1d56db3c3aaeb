package io.whimbrel.executor.risk;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The catalogue of risks as Markdown: an index and a page for each rule. */
final class RiskPages {

  private RiskPages() {}

  /** File name to text. */
  static Map<String, String> all() {
    Map<String, String> pages = new TreeMap<>();
    pages.put("README.md", index());
    RiskRules.ALL.forEach(rule -> pages.put(rule.id() + ".md", page(rule)));
    return pages;
  }

  private static String index() {
    return """
    # Risks

    What there is to say of the dangers of migrations. The text of a script decides nothing but what
    kind of statement each is: the script is rehearsed in an empty copy of the target's schema, and
    after each statement PostgreSQL tells which locks it took, which files it wrote anew, what it
    scanned and what has become another in the catalogue. These pages are made from the rules; a test
    compares them, and rehearses each example on PostgreSQL 15 and 18.

    | rule | finds | level |
    |---|---|---|
    %s
    The level is that of a table of which nothing is known. A level with `grows` follows the size of
    the table on the target, with its indexes: under 10 MB it is low, under 1 GB medium, otherwise
    high, and a table without rows is no risk. Other levels are low where the table has no rows, and
    high where statements of others use the column. Tables that the run itself makes are no risk,
    unless the page says so.
    """
        .formatted(RiskRules.ALL.stream().map(RiskPages::row).collect(Collectors.joining()));
  }

  private static String row(RiskRule rule) {
    return "| [%s](%s.md) | %s | %s |\n".formatted(rule.id(), rule.id(), rule.name(), level(rule));
  }

  private static String page(RiskRule rule) {
    return """
    # %s

    `%s` · %s

    **Found when.** %s

    **What happens.** %s

    **What to do.** %s

    ## Found

    %s
    ## Not found

    %s\
    """
        .formatted(
            rule.name(),
            rule.id(),
            level(rule),
            rule.condition(),
            rule.effect(),
            rule.remedy(),
            example(rule.bad()),
            example(rule.good()));
  }

  private static String level(RiskRule rule) {
    return rule.level().word() + (rule.grows() ? ", grows" : "");
  }

  /** With what is there before, if that is apart from the migrations. */
  private static String example(Example example) {
    StringBuilder text = new StringBuilder("```sql\n");
    int number = example.scripts().size() > 1 ? 0 : 1;
    for (String script : example.scripts()) {
      text.append(number == 0 ? "-- there before" : "\n-- migration " + number)
          .append('\n')
          .append(script.replace("; ", ";\n"))
          .append('\n');
      number++;
    }
    return text.append("```\n").toString().replace("```sql\n\n", "```sql\n");
  }
}
