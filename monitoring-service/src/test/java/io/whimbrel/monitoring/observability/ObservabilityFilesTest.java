package io.whimbrel.monitoring.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.whimbrel.monitoring.alert.AlertKind;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ObservabilityFilesTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path FILES = ROOT.resolve("deploy/observability");

  @Test
  void rulesFireAndResolveAsTheirTestsSay() throws Exception {
    assumeTrue(onPath("promtool"), "promtool is not on the path; Debian has it in prometheus");

    assertThat(promtool("check", "config", "prometheus.yml")).isZero();
    assertThat(promtool("test", "rules", "whimbrel.rules.test.yml")).isZero();
  }

  @Test
  void everyRuleIsTestedAndHasARunbook() throws IOException {
    String rules = Files.readString(FILES.resolve("whimbrel.rules.yml"));
    String tests = Files.readString(FILES.resolve("whimbrel.rules.test.yml"));

    assertThat(found("- alert: (\\w+)", rules))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(tests).contains("alertname: " + name))
        .hasSameSizeAs(found("runbook: (\\S+)", rules));
    assertThat(found("runbook: (\\S+)", rules))
        .allSatisfy(page -> assertThat(ROOT.resolve(page)).exists());
  }

  @ParameterizedTest
  @EnumSource(AlertKind.class)
  void everyKindOfAlertHasARunbook(AlertKind kind) throws IOException {
    List<String> pages =
        found(
            "\\| `%s` \\| \\[.+]\\((.+)\\) \\|".formatted(kind),
            Files.readString(ROOT.resolve("docs/runbooks/README.md")));

    assertThat(pages).hasSize(1);
    assertThat(Files.readString(ROOT.resolve("docs/runbooks").resolve(pages.get(0))))
        .contains(kind.name());
  }

  /** What is not among them ended with the run or validation that it tells of. */
  @ParameterizedTest
  @EnumSource(
      value = AlertKind.class,
      names = {"RUN_REJECTED", "VALIDATION_FAILED"},
      mode = EnumSource.Mode.EXCLUDE)
  void everyKindOfAlertThatAwaitsSomebodyHasARule(AlertKind kind) throws IOException {
    Map<AlertKind, String> measured =
        Map.of(
            AlertKind.RUN_FAILED, "WhimbrelRunsFailing",
            AlertKind.RUN_ROLLED_BACK, "WhimbrelRunsFailing",
            AlertKind.DEAD_LETTER, "WhimbrelDeadLetters",
            AlertKind.CONSUMER_LAG, "WhimbrelConsumerLag",
            AlertKind.HEALTH_CHANGED, "WhimbrelUnhealthy");
    String rule = measured.get(kind);

    assertThat(Files.readString(FILES.resolve("whimbrel.rules.yml")))
        .contains(
            rule == null
                ? "whimbrel_alerts_open{kind=\"%s\"}"
                    .formatted(kind.name().toLowerCase(Locale.ROOT))
                : "- alert: " + rule + "\n");
  }

  @Test
  void everyMetricOfTheDashboardIsOneOfARuleOrOfTheDocumentation() throws IOException {
    JsonNode dashboard =
        new ObjectMapper().readTree(FILES.resolve("grafana-dashboard.json").toFile());
    String documented = Files.readString(ROOT.resolve("docs/monitoring.md"));

    assertThat(dashboard.findValuesAsText("expr"))
        .isNotEmpty()
        .flatMap(expression -> found("(whimbrel_[a-z_]+)", expression))
        .allSatisfy(metric -> assertThat(documented).contains("`" + metric + "`"));
  }

  private static List<String> found(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(match -> match.group(1)).toList();
  }

  private static boolean onPath(String program) {
    String path = String.valueOf(System.getenv("PATH"));
    return Stream.of(path.split(File.pathSeparator))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  private static int promtool(String... arguments) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(Stream.concat(Stream.of("promtool"), Stream.of(arguments)).toList())
            .directory(FILES.toFile())
            .inheritIO()
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }
}
