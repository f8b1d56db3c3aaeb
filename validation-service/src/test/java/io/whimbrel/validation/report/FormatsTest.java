package io.whimbrel.validation.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.Phase;
import io.whimbrel.event.Severity;
import io.whimbrel.event.TableName;
import io.whimbrel.validation.rule.Finding;
import io.whimbrel.validation.rule.Mode;
import io.whimbrel.validation.rule.Obstacle;
import io.whimbrel.validation.rule.Rule;
import io.whimbrel.validation.rule.Rules;
import io.whimbrel.validation.rule.Scope;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class FormatsTest {
  private static final TableName TABLE = new TableName("public", "<t>&\"|`");

  @Test
  void namesAndKeysAreNoMarkupInMarkdown() {
    String page = Markdown.of(report(false, rule("a", finding("c", 3))));
    assertThat(page)
        .contains("not valid", "\\<t\\>&\"\\|\\`", "```sql\n  select 1;")
        .doesNotContain("<t>");
  }

  @Test
  void theXmlIsXmlWhateverIsFound() throws Exception {
    Document document = parse(JUnitXml.of(report(false, rule("a", finding("c", 3)), rule("b"))));
    assertThat(document.getDocumentElement().getAttribute("failures")).isEqualTo("1");
    assertThat(document.getElementsByTagName("testcase").getLength()).isEqualTo(2);
    assertThat(document.getElementsByTagName("failure").item(0).getTextContent())
        .isEqualTo("3 rows of " + TABLE);
  }

  @Test
  void warningsAreFailuresOfABuildOnlyWhenStrict() throws Exception {
    RuleResult warning =
        rule("a", new Finding(Severity.WARNING, null, null, 0, "w", List.of(), null));
    RuleResult skipped =
        RuleResult.of(
            "b", 1, 0, Duration.ZERO, List.of(), List.of(new Obstacle(TABLE, false, "no")));
    assertThat(failures(report(false, warning, skipped))).isEqualTo("0");
    assertThat(failures(report(true, warning, skipped))).isEqualTo("1");
  }

  @Test
  void twoReportsDifferInWhatAppearedIsGoneAndChanged() {
    Report earlier =
        report(false, rule("r", finding("same", 1), finding("gone", 2), finding("more", 3)));
    Report later =
        report(
            false, rule("r", finding("same", 1), finding("new", 2), finding("more", 4)), rule("s"));
    Difference difference = Difference.between(earlier, later);
    assertThat(difference.appeared()).extracting(Difference.Entry::subject).containsExactly("new");
    assertThat(difference.gone()).extracting(Difference.Entry::subject).containsExactly("gone");
    assertThat(difference.changed()).extracting(Difference.Entry::after).containsExactly(4L);
    assertThat(difference.unchanged()).isEqualTo(1);
    assertThat(difference.incomparable()).containsExactly("s");
  }

  private static String failures(Report report) throws Exception {
    return parse(JUnitXml.of(report)).getDocumentElement().getAttribute("failures");
  }

  private static Document parse(String xml) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
  }

  private static Finding finding(String subject, long rows) {
    return new Finding(
        Severity.ERROR,
        TABLE,
        subject,
        rows,
        rows + " rows of " + TABLE,
        List.of(Map.of("id", "\u0001*1*")),
        "select 1;");
  }

  private static RuleResult rule(String id, Finding... findings) {
    return RuleResult.of(id, 1, 0, Duration.ofMillis(2), List.of(findings), List.of());
  }

  private static Report report(boolean strict, RuleResult... results) {
    return Report.of(
        new Subject(UUID.randomUUID(), UUID.randomUUID(), Phase.AFTER, "orders", List.of()),
        new Scope(List.of(), List.of()),
        List.of(results),
        Rules.ALL.stream().map(Rule::description).toList(),
        Duration.ofMillis(7),
        Mode.QUICK,
        strict);
  }
}
