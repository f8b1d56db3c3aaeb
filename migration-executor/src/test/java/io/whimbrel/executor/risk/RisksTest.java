package io.whimbrel.executor.risk;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.impact.Facts;
import io.whimbrel.executor.rehearsal.RehearsalReport;
import io.whimbrel.executor.rehearsal.facts.Changes;
import io.whimbrel.executor.rehearsal.facts.LockMode;
import io.whimbrel.executor.rehearsal.facts.LockTaken;
import io.whimbrel.executor.rehearsal.facts.ScriptFacts;
import io.whimbrel.executor.rehearsal.facts.StatementFacts;
import io.whimbrel.executor.rehearsal.facts.Work;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the size of a table does to a finding; the rest is in the examples. */
class RisksTest {
  private static final TableName ORDERS = new TableName("public", "orders");

  @Test
  void aReasonNamesTableSizeLockAndTime() {
    RiskFinding finding = rewritten(5_000_000, 12L << 30).get(0);
    assertThat(finding.rule()).isEqualTo("table-rewritten");
    assertThat(finding.level()).isEqualTo(RiskLevel.HIGH);
    assertThat(finding.reason())
        .isEqualTo("rewrites public.orders, 12 GB, under ACCESS EXCLUSIVE, about 90 s");
    assertThat(finding.line()).isEqualTo(4);
  }

  @Test
  void aSmallTableIsALowerRisk() {
    assertThat(rewritten(10, 8192)).extracting(RiskFinding::level).containsExactly(RiskLevel.LOW);
    assertThat(rewritten(10, 50L << 20))
        .extracting(RiskFinding::level)
        .containsExactly(RiskLevel.MEDIUM);
  }

  @Test
  void anEmptyTableIsNone() {
    assertThat(rewritten(0, 8192)).isEmpty();
  }

  @Test
  void aColumnThatProgramsUseIsAHighRiskAndTheReasonSaysHowThatIsKnown() {
    ScriptFacts script =
        Facts.script(
            "V1__drop.sql",
            Facts.of("ALTER TABLE").column(Facts.column(ORDERS, "price", "int", false), null));
    RiskFinding finding =
        Risks.of(
                new RehearsalReport(List.of(ORDERS), List.of(), true, "", List.of(script), null),
                new TargetTables() {
                  @Override
                  public Optional<Size> size(TableName table) {
                    return Optional.empty();
                  }

                  @Override
                  public Optional<String> use(TableName table, String column) {
                    return table.equals(ORDERS) && column.equals("price")
                        ? Optional.of("2 statements since 2026-01-01 name it, executed 3 times")
                        : Optional.empty();
                  }
                })
            .get(0);
    assertThat(finding.rule()).isEqualTo("column-dropped");
    assertThat(finding.level()).isEqualTo(RiskLevel.HIGH);
    assertThat(finding.reason())
        .isEqualTo(
            "drops column price of public.orders; 2 statements since 2026-01-01 name it, executed"
                + " 3 times");
  }

  private static List<RiskFinding> rewritten(long rows, long bytes) {
    var statement =
        new StatementFacts(
            2,
            4,
            1,
            "CLUSTER",
            true,
            true,
            3000,
            List.of(new LockTaken(ORDERS, null, LockMode.ACCESS_EXCLUSIVE)),
            List.of(new Work(Work.Kind.REWRITE, ORDERS, null)),
            List.of(),
            List.of(),
            Changes.NONE);
    var script = new ScriptFacts("V1__cluster.sql", true, false, List.of(statement));
    return Risks.of(
        new RehearsalReport(List.of(ORDERS), List.of(), true, "", List.of(script), null),
        new TargetTables() {
          @Override
          public Optional<Size> size(TableName table) {
            return Optional.of(new Size(rows, bytes));
          }

          @Override
          public Optional<Duration> time(String name, int number) {
            return Optional.of(Duration.ofSeconds(90));
          }
        });
  }
}
