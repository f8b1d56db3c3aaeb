package io.whimbrel.executor.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.whimbrel.event.TableName;
import io.whimbrel.executor.forecast.Calibration.Correction;
import io.whimbrel.executor.forecast.Calibration.Measured;
import io.whimbrel.executor.forecast.Forecast.Block;
import io.whimbrel.executor.forecast.Forecast.Blocked;
import io.whimbrel.executor.forecast.Forecast.StatementForecast;
import io.whimbrel.executor.forecast.Forecast.WorkForecast;
import io.whimbrel.executor.forecast.Predictions.Outcome;
import io.whimbrel.executor.impact.Facts;
import io.whimbrel.executor.impact.ServerImpact;
import io.whimbrel.executor.impact.StatementImpact;
import io.whimbrel.executor.impact.TableImpact;
import io.whimbrel.executor.impact.TargetImpact;
import io.whimbrel.executor.rehearsal.facts.ConstraintState.Kind;
import io.whimbrel.executor.rehearsal.facts.LockMode;
import io.whimbrel.executor.rehearsal.facts.Work;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ForecastTest {
  private static final TableName ORDERS = new TableName("public", "orders");
  private static final TableName LINES = new TableName("public", "lines");

  @Test
  void aLockIsHeldFromItsStatementToTheEndOfTheTransaction() {
    Forecast forecast =
        forecast(
            Facts.of("CREATE TABLE"),
            Facts.of("ALTER TABLE").locks(ORDERS, LockMode.ACCESS_EXCLUSIVE),
            Facts.of("CREATE INDEX")
                .locks(LINES, LockMode.SHARE)
                .works(Work.Kind.INDEX_BUILD, LINES, "by_order"));
    assertThat(forecast.blocks())
        .extracting(Block::table, Block::blocked, Block::first, Block::last)
        .containsExactly(
            tuple(ORDERS, Blocked.READS_AND_WRITES, 2, 3), tuple(LINES, Blocked.WRITES, 3, 3));
    List<StatementForecast> statements = forecast.scripts().get(0).statements();
    Block longest = forecast.longestBlock();
    assertThat(longest).isNotNull();
    assertThat(longest.duration())
        .isEqualTo(statements.get(1).duration().plus(statements.get(2).duration()));
  }

  @Test
  void aStatementOnItsOwnHoldsItsLocksForItself() {
    Forecast forecast =
        forecast(
            Facts.of("CREATE INDEX")
                .alone()
                .locks(ORDERS, LockMode.SHARE_UPDATE_EXCLUSIVE)
                .works(Work.Kind.INDEX_BUILD, ORDERS, "x"),
            Facts.of("DROP INDEX").alone().locks(ORDERS, LockMode.ACCESS_EXCLUSIVE),
            Facts.of("ALTER TABLE").locks(LINES, LockMode.ACCESS_EXCLUSIVE));
    assertThat(forecast.blocks())
        .extracting(Block::table, Block::first, Block::last)
        .containsExactlyInAnyOrder(tuple(ORDERS, 2, 2), tuple(LINES, 3, 3));
  }

  @Test
  void whoIsKeptFromWritingMayLaterBeKeptFromReading() {
    Forecast forecast =
        forecast(
            Facts.of("CREATE INDEX").locks(ORDERS, LockMode.SHARE),
            Facts.of("ALTER TABLE").locks(ORDERS, LockMode.ACCESS_EXCLUSIVE),
            Facts.of("ALTER TABLE").locks(ORDERS, LockMode.ACCESS_EXCLUSIVE));
    assertThat(forecast.blocks())
        .extracting(Block::blocked, Block::first)
        .containsExactly(tuple(Blocked.WRITES, 1), tuple(Blocked.READS_AND_WRITES, 2));
  }

  @Test
  void readersBlockNoOne() {
    Forecast forecast =
        forecast(
            Facts.of("SELECT").locks(ORDERS, LockMode.ACCESS_SHARE),
            Facts.of("UPDATE").locks(ORDERS, LockMode.ROW_EXCLUSIVE));
    assertThat(forecast.blocks()).isEmpty();
    assertThat(forecast.longestBlock()).isNull();
  }

  @Test
  void aTableIsReadOncePerStatementHoweverManyChecksThereAre() {
    Facts facts =
        Facts.of("ALTER TABLE")
            .works(Work.Kind.VALIDATION, ORDERS, "checked")
            .works(Work.Kind.VALIDATION, ORDERS, "other")
            .works(Work.Kind.SCAN, ORDERS, null)
            .constraint(
                null, Facts.constraint(ORDERS, Kind.CHECK, List.of("id"), "CHECK ((id > 0))"));
    assertThat(kinds(facts)).containsExactly(WorkKind.CATALOGUE, WorkKind.SCAN);
    assertThat(
            kinds(
                Facts.of("CREATE INDEX")
                    .works(Work.Kind.INDEX_BUILD, ORDERS, "x")
                    .works(Work.Kind.SCAN, ORDERS, null)))
        .containsExactly(WorkKind.CATALOGUE, WorkKind.INDEX);
    assertThat(
            kinds(
                Facts.of("ALTER TABLE")
                    .works(Work.Kind.REWRITE, ORDERS, null)
                    .works(Work.Kind.INDEX_BUILD, ORDERS, "orders_pkey")
                    .works(Work.Kind.SCAN, ORDERS, null)))
        .containsExactly(WorkKind.CATALOGUE, WorkKind.REWRITE, WorkKind.INDEX);
  }

  @Test
  void aForeignKeyLooksEachRowUpInTheOtherTable() {
    Facts facts =
        Facts.of("ALTER TABLE")
            .works(Work.Kind.VALIDATION, LINES, "child_parent")
            .works(Work.Kind.SCAN, LINES, null)
            .works(Work.Kind.SCAN, ORDERS, null)
            .constraint(
                null,
                Facts.foreignKey(
                    LINES, List.of("id"), ORDERS, List.of("id"), "FOREIGN KEY (id) ..."));
    assertThat(kinds(facts)).containsExactly(WorkKind.CATALOGUE, WorkKind.LOOKUP);
    WorkForecast lookup = work(facts).get(1);
    assertThat(lookup.table()).isEqualTo(LINES);
    assertThat(lookup.calibratedMs())
        .isCloseTo(2_000_000 * Speed.LOOKUP_ROW.usual() / 1e6, within(1.0));
  }

  @Test
  void aChangeOfRowsTakesAsLongAsThePlanHasRows() {
    double few = update(1000).medianMs();
    double many = update(500_000).medianMs();
    assertThat(many).isGreaterThan(20 * few);
  }

  @Test
  void whereThePlannerGuessesItMayBeAllRows() {
    Estimate guessed = update(5000);
    assertThat(guessed.highMs()).isGreaterThan(update(1_000_000).medianMs());
    assertThat(update(7000).highMs()).isLessThan(10 * update(7000).medianMs());
  }

  private static Estimate update(long rows) {
    StatementImpact planned =
        new StatementImpact(
            "V1__test.sql",
            1,
            1,
            new StatementImpact.DataChange("UPDATE", ORDERS, rows, 1, List.of()),
            null);
    return Forecast.of(
            List.of(Facts.script("V1__test.sql", Facts.of("UPDATE").writes(ORDERS))),
            impact(List.of(planned)),
            Calibration.DEFAULTS)
        .total();
  }

  @Test
  void whatCannotBeKnownIsSaid() {
    assertThat(unknown(Facts.of("DO"))).contains("DO");
    assertThat(unknown(Facts.of("UPDATE").writes(ORDERS))).contains("not known beforehand");
    assertThat(unknown(Facts.of("ALTER TABLE"))).isEqualTo("null");
  }

  @Test
  void whatPastMigrationsTookCorrectsTheSpeeds() {
    Facts facts = Facts.of("ALTER TABLE").works(Work.Kind.REWRITE, ORDERS, null);
    Forecast before = forecast(facts);
    List<Outcome> twiceAsLong =
        IntStream.range(0, 50)
            .mapToObj(
                i ->
                    new Outcome(
                        UUID.randomUUID(),
                        "V" + i,
                        null,
                        Prediction.of(before.scripts().get(0)),
                        Math.round(2 * before.total().medianMs())))
            .toList();
    Map<WorkKind, Correction> corrections = Corrections.of(twiceAsLong);
    assertThat(corrections.keySet()).containsExactly(WorkKind.REWRITE);
    Estimate after = corrected(facts, corrections);
    assertThat(after.medianMs() / before.total().medianMs()).isBetween(1.8, 2.1);
    assertThat(after.highMs() / after.medianMs())
        .as("they all took the same, so the range is smaller")
        .isLessThan(before.total().highMs() / before.total().medianMs());
    Estimate afterOne = corrected(facts, Corrections.of(twiceAsLong.subList(0, 1)));
    assertThat(afterOne.medianMs() / before.total().medianMs()).isBetween(1.1, 1.5);
  }

  @Test
  void aScriptOfManyThingsCorrectsNothing() {
    Forecast mixed =
        forecast(
            Facts.of("ALTER TABLE").works(Work.Kind.REWRITE, ORDERS, null),
            Facts.of("CREATE INDEX").works(Work.Kind.INDEX_BUILD, ORDERS, "a"),
            Facts.of("CREATE INDEX").works(Work.Kind.INDEX_BUILD, ORDERS, "b"));
    Outcome outcome =
        new Outcome(UUID.randomUUID(), "V1", null, Prediction.of(mixed.scripts().get(0)), 99_999);
    assertThat(Corrections.of(List.of(outcome))).isEmpty();
  }

  @Test
  void twoMeasurementsTellRowsFromBytes() {
    Map<Speed, Double> speeds = Calibration.none();
    Calibration.solve(
        speeds,
        Speed.SCAN_ROW,
        Speed.SCAN_BYTE,
        new Measured(1000, 40_000, 1000 * 50 + 40_000 * 2),
        new Measured(100, 40_000, 100 * 50 + 40_000 * 2));
    assertThat(speeds.get(Speed.SCAN_ROW)).isCloseTo(50, within(1e-6));
    assertThat(speeds.get(Speed.SCAN_BYTE)).isCloseTo(2, within(1e-6));
    Calibration.solve(
        speeds,
        Speed.SCAN_ROW,
        Speed.SCAN_BYTE,
        new Measured(1000, 40_000, 100),
        new Measured(100, 40_000, 1));
    assertThat(speeds.get(Speed.SCAN_BYTE)).as("never less than nothing").isZero();
  }

  @Test
  void theJsonSaysWhoIsBlockedForHowLong() throws Exception {
    ObjectMapper json = new ObjectMapper().registerModule(new JavaTimeModule());
    JsonNode tree =
        json.readTree(
            json.writeValueAsString(
                forecast(
                    Facts.of("ALTER TABLE")
                        .locks(ORDERS, LockMode.ACCESS_EXCLUSIVE)
                        .works(Work.Kind.REWRITE, ORDERS, null))));
    assertThat(tree.at("/longestBlock/blocked").asText()).isEqualTo("READS_AND_WRITES");
    assertThat(tree.at("/longestBlock/duration/highMs").asDouble())
        .isGreaterThan(tree.at("/longestBlock/duration/medianMs").asDouble());
    assertThat(tree.at("/basis/source").asText()).isEqualTo("DEFAULTS");
  }

  @Test
  void whatIsStoredWithAPlanCanBeReadAgain() throws Exception {
    ObjectMapper json = new ObjectMapper().registerModule(new JavaTimeModule());
    Forecast forecast =
        forecast(
            Facts.of("ALTER TABLE")
                .locks(ORDERS, LockMode.ACCESS_EXCLUSIVE)
                .works(Work.Kind.REWRITE, ORDERS, null));
    assertThat(json.readValue(json.writeValueAsString(forecast), Forecast.class))
        .isEqualTo(forecast);
    TargetImpact impact = impact(List.of());
    assertThat(json.readValue(json.writeValueAsString(impact), TargetImpact.class))
        .isEqualTo(impact);
  }

  private static Estimate corrected(Facts facts, Map<WorkKind, Correction> corrections) {
    return Forecast.of(
            List.of(Facts.script("V1__test.sql", facts)),
            impact(List.of()),
            Calibration.DEFAULTS.corrected(corrections))
        .total();
  }

  private static Forecast forecast(Facts... facts) {
    return Forecast.of(
        List.of(Facts.script("V1__test.sql", facts)), impact(List.of()), Calibration.DEFAULTS);
  }

  private static List<WorkForecast> work(Facts facts) {
    return forecast(facts).scripts().get(0).statements().get(0).work();
  }

  private static List<WorkKind> kinds(Facts facts) {
    return work(facts).stream().map(WorkForecast::kind).toList();
  }

  private static String unknown(Facts facts) {
    return String.valueOf(forecast(facts).scripts().get(0).statements().get(0).unknown());
  }

  private static TargetImpact impact(List<StatementImpact> statements) {
    return new TargetImpact(
        Instant.EPOCH,
        new ServerImpact(18, null, List.of(), List.of()),
        List.of(table(ORDERS), table(LINES)),
        statements,
        List.of());
  }

  private static TableImpact table(TableName name) {
    return new TableImpact(
        name,
        1,
        new TableImpact.Rows(1_000_000, false, Instant.EPOCH, 0L),
        new TableImpact.Size(100_000_000, 0, 20_000_000, true),
        List.of(
            new TableImpact.Index(name.name() + "_pkey", "btree", true, 20_000_000, List.of("id"))),
        List.of(new TableImpact.Column("id", "bigint", false, 8, 0.0)),
        new TableImpact.Links(0, 0, 0),
        new TableImpact.Writes(0, 1000, null),
        List.of(),
        new TableImpact.Vacuum(0, null, null, false),
        null,
        List.of());
  }
}
