package io.whimbrel.executor.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.junit.QuarkusTest;
import io.whimbrel.event.BackupCheck;
import io.whimbrel.event.BackupScope;
import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.MigrationProgress.Applied;
import io.whimbrel.event.MigrationProgress.AppliedStatement;
import io.whimbrel.event.MigrationProgress.Drift;
import io.whimbrel.event.MigrationProgress.Drifted;
import io.whimbrel.event.MigrationProgress.Prediction;
import io.whimbrel.event.MigrationProgress.Spent;
import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.Operation;
import io.whimbrel.event.PlannedChange;
import io.whimbrel.event.RunOptions;
import io.whimbrel.event.RunStateName;
import io.whimbrel.event.TableName;
import io.whimbrel.executor.ExecutorIntegration;
import io.whimbrel.executor.apply.TestTarget;
import io.whimbrel.executor.forecast.Estimate;
import io.whimbrel.executor.forecast.Forecast;
import io.whimbrel.executor.plan.PlanProblem;
import io.whimbrel.executor.plan.PlanProblem.Kind;
import io.whimbrel.executor.plan.document.MigrationPlan;
import io.whimbrel.executor.plan.document.MigrationPlan.Wanted;
import io.whimbrel.executor.plan.document.PlannedScript;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunLifecycle;
import io.whimbrel.executor.run.RunQueries;
import io.whimbrel.executor.run.RunRepository;
import io.whimbrel.executor.run.StoredPlan;
import io.whimbrel.target.TargetRegistry;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans of a target, and runs that are held against them. */
@QuarkusTest
@ExecutorIntegration
class PlanIT {
  private static final RunOptions OPTIONS =
      new RunOptions(false, false, false, true, false, false, false);
  private static final TableName SHOP = new TableName("public", "shop");
  private static final TableName ITEM = new TableName("public", "item");

  @ConfigProperty(name = "whimbrel.targets.file")
  Path targets;

  @Inject TargetRegistry registry;
  @Inject Planner planner;
  @Inject Plans plans;
  @Inject RunLifecycle lifecycle;
  @Inject RunRepository runs;
  @Inject RunQueries queries;
  @Inject ObjectMapper json;

  @TempDir Path catalogue;
  private final String name = "plan-" + UUID.randomUUID();
  private TestTarget target;

  @BeforeEach
  void aTargetWithTwoTables() throws Exception {
    target = new TestTarget(catalogue);
    target.asSuperuser("alter role migrator createdb");
    target.file(
        "V1__shop.sql",
        """
        create table shop (id int primary key, name text);
        create table item (id int primary key, shop int, sku text, price int);
        insert into item values (1, 1, 'a', 1);
        """);
    policy("{ lockTimeout: 3s }");
    assertThat(run(OPTIONS, null).state()).isEqualTo(RunStateName.COMPLETED);
    target.file(
        "V2__rules.sql",
        """
        alter table item alter sku set not null;
        alter table item add constraint sku_once unique (sku);
        alter table item alter price type bigint;
        alter table item add foreign key (shop) references shop;
        """);
  }

  @AfterEach
  void noTarget() throws Exception {
    target.asSuperuser("alter role migrator nocreatedb");
    Files.writeString(targets, "targets: []\n");
  }

  @Test
  void aPlanSaysWhatWouldHappenAndIsReadAgainAsItWasMade() throws Exception {
    MigrationPlan plan = plan(OPTIONS);

    assertThat(plan.problems()).isEmpty();
    assertThat(plan.executable()).isTrue();
    assertThat(plan.database().version()).isEqualTo("1");
    assertThat(plan.rehearsal().possible()).as(plan.rehearsal().summary()).isTrue();
    assertThat(plan.rehearsal().touched()).contains(ITEM);
    assertThat(plan.migrations())
        .extracting(PlannedScript::script)
        .containsExactly("V2__rules.sql");
    StoredPlan stored = plans.find(plan.planId()).orElseThrow();
    assertThat(plans.document(stored)).isEqualTo(plan);
    assertThat(stored.page())
        .startsWith("# Plan for `" + name + "`: 1 migration\n")
        .contains("### 1. `V2__rules.sql`")
        .contains("\"planId\" : \"" + plan.planId() + "\"");
  }

  @Test
  void whatTheDataWillHaveToFitIsAskedOfTheValidationBeforeAndOnlyIfNothingPutsItRight()
      throws Exception {
    assertThat(plan(OPTIONS).validation().derived())
        .containsExactlyInAnyOrder(
            PlannedChange.notNull(ITEM, List.of("sku")),
            PlannedChange.unique(ITEM, List.of("sku"), false),
            PlannedChange.type(ITEM, "price", "bigint"),
            PlannedChange.foreignKey(ITEM, List.of("shop"), SHOP, List.of("id")));

    target.file(
        "V2__rules.sql",
        """
        alter table item rename sku to code;
        alter table item alter code set not null;
        alter table item add added int;
        alter table item add unique (added);
        update item set price = 0 where price is null;
        alter table item alter price set not null;
        """);
    assertThat(plan(OPTIONS).validation().derived())
        .containsExactly(PlannedChange.notNull(ITEM, List.of("sku")));
  }

  @Test
  void everyProblemStandsInThePlanAndNoneOfThemKeepsItFromBeingMade() throws Exception {
    target.file("V1__shop.sql", "create table another ();");
    target.file("V3__broken.sql", "begin; select 1; commit;");

    MigrationPlan plan = plan(OPTIONS);

    assertThat(plan.executable()).isFalse();
    assertThat(plan.problems())
        .extracting(PlanProblem::kind)
        .containsExactly(Kind.CHANGED, Kind.NOT_RUNNABLE);
    assertThat(plan.rehearsal().summary()).contains("not every script can run");
    assertThat(plans.find(plan.planId()).orElseThrow().page())
        .contains("**A run of it would be refused**, for 2 reasons.")
        .contains("- V1__shop.sql has changed since it was applied");
  }

  @Test
  void aRunOfAPlanGoesAheadWhileEverythingIsAsItWasPlanned() throws Exception {
    MigrationPlan plan = plan(OPTIONS);
    target.execute("create table unrelated ()");
    target.execute("insert into shop values (1, 'a')");

    Run run = run(OPTIONS, plan.planId());

    assertThat(run.state()).isEqualTo(RunStateName.COMPLETED);
    assertThat(message(run(OPTIONS, plan.planId())))
        .contains("V2__rules.sql was planned and is not pending any more")
        .contains("the schema history has changed (1 rows then, 2 now)")
        .contains("table public.item has another structure");
  }

  @Test
  void aRunTellsOfDriftAndHowLongItWasPredictedToTake() throws Exception {
    target.execute("insert into shop values (1, 'a')");
    target.execute("create index by_hand on shop (name)");
    MigrationPlan plan = plan(OPTIONS);

    List<MigrationProgress> events = events(run(OPTIONS, plan.planId()));

    assertThat(drift(events))
        .isEqualTo(new Drift(1, List.of(new Drifted("INDEX", "public.by_hand", null))));
    List<Applied> applied = Objects.requireNonNull(events.get(events.size() - 1).applied());
    assertThat(applied).extracting(Applied::migration).containsExactly("V2__rules.sql");
    assertThat(applied.get(0).walBytes()).as("by PostgreSQL 18").isBetween(1_000L, 10_000_000L);
    assertThat(applied.get(0).statements())
        .extracting(AppliedStatement::statement)
        .containsExactly(1, 2, 3, 4);
    Forecast forecast = Objects.requireNonNull(plan.forecast());
    Estimate total = forecast.total();
    double predicted = forecast.scripts().get(0).duration().highMs();
    assertThat(applied.get(0).predicted())
        .satisfies(told -> assertThat(Objects.requireNonNull(told).highMs()).isEqualTo(predicted));
    assertThat(planned(events).predicted())
        .as("of all migrations, before they are applied")
        .isEqualTo(new Prediction(total.medianMs(), total.lowMs(), total.highMs()));
    Spent spent = Objects.requireNonNull(events.get(events.size() - 1).spent());
    assertThat(spent.retries()).isZero();
    assertThat(spent.backupBytes()).isNull();
    assertThat(spent.executorCpuMs()).isBetween(1L, 60_000L);
    assertThat(spent.executorHeapBytes()).isGreaterThan(1_000_000L);
    assertThat(spent.executorShared()).isNotNull();
    assertThat(spent.connections()).as("one that applies at least").isBetween(1L, 10L);
    assertThat(events.subList(0, events.size() - 1)).allMatch(event -> event.spent() == null);
  }

  @Test
  void aRunComparesItsTargetIfThePolicyAsksForIt() throws Exception {
    target.execute("insert into shop values (1, 'a')");
    policy("{ checkDrift: true }");
    assertThat(drift(events(run(OPTIONS, null)))).isEqualTo(new Drift(0, List.of()));

    policy("{ checkDrift: false }");
    assertThat(drift(events(run(OPTIONS, null)))).isNull();
  }

  private List<MigrationProgress> events(Run run) throws Exception {
    assertThat(run.state()).isEqualTo(RunStateName.COMPLETED);
    List<MigrationProgress> events = new ArrayList<>();
    for (String event : queries.eventsAfter(run.id(), 0)) {
      events.add(json.readValue(event, MigrationProgress.class));
    }
    return events;
  }

  private static @Nullable Drift drift(List<MigrationProgress> events) {
    return planned(events).drift();
  }

  private static MigrationProgress planned(List<MigrationProgress> events) {
    return events.stream()
        .filter(event -> event.state() == RunStateName.PLANNED)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aRunThatIsNotWhatWasPlannedIsRefusedAndSaysEverythingThatHasChanged() throws Exception {
    MigrationPlan plan = plan(OPTIONS);
    RunOptions others = new RunOptions(false, true, false, true, false, true, false);
    target.file("V2__rules.sql", "alter table item alter sku set not null;");
    target.file("V3__more.sql", "select 1;");
    target.file("U2__rules.sql", "select 1;");
    target.execute("create index by_price on item (price)");

    Run run = run(others, plan.planId());

    assertThat(run.state()).isEqualTo(RunStateName.REJECTED);
    assertThat(message(run))
        .startsWith("Plan " + plan.planId() + " is not what would run now: ")
        .contains("atomic is false in the plan and true in the request")
        .contains("validateAfter is false in the plan and true in the request")
        .contains("V2__rules.sql has changed (checksum ")
        .contains("V3__more.sql is pending and was not planned")
        .contains("U2__rules.sql is new")
        .contains("table public.item has another structure")
        .endsWith("Make a new plan with POST /plan, read it, and name that");
    assertThat(message(run(OPTIONS, UUID.randomUUID()))).startsWith("There is no plan ");
  }

  @Test
  void aPlanThatIsTooOldIsNotExecuted() throws Exception {
    MigrationPlan plan = plan(OPTIONS);
    policy("{ planAge: 1ms }");

    assertThat(message(run(OPTIONS, plan.planId())))
        .contains("is older than the 1 ms that the policy of target " + name + " gives a plan");
  }

  @Test
  void aRunThatThePolicyRefusesDoesNothingUntilItsRiskIsTakenByWhoMayTakeIt() throws Exception {
    target.file("V2__rules.sql", "alter table item drop column price;");
    policy("{ risks: { column-dropped: superadmin }, requireProvenRollback: true }");
    assertThat(message(run(accepting("column-dropped"), null, true)))
        .contains("asks for a proven way back, and that of V2__rules.sql is not");

    policy("{ risks: { column-dropped: superadmin } }");
    String refusal = "refuses the risk column-dropped (medium, V2__rules.sql line 1)";
    assertThat(message(run(OPTIONS, null, true))).contains(refusal).doesNotContain("has to ask");
    assertThat(message(run(accepting("column-dropped"), null, false)))
        .contains(refusal)
        .contains("a super-admin has to ask, through the gateway");
    assertThat(message(run(accepting("drop-column"), null, true)))
        .startsWith(
            "Name 1 under acceptRisks is not that of a risk; use those that the plan gives");
    assertThat(target.value("select count(price) from item")).isEqualTo("1");

    MigrationPlan plan = plan(accepting("column-dropped", "json-column"), true);
    assertThat(plan.executable()).isTrue();
    assertThat(plan.policy().unneeded())
        .containsExactly(
            "acceptRisks names json-column for nothing: no script was found to have it");
    assertThat(plans.find(plan.planId()).orElseThrow().page())
        .contains("Taken as a risk: column-dropped (medium, V2__rules.sql line 1)")
        .contains("acceptRisks names json-column for nothing");

    Run run = run(accepting("column-dropped", "json-column"), plan.planId(), true);
    assertThat(run.state()).isEqualTo(RunStateName.COMPLETED);
    assertThat(Objects.requireNonNull(run.plan()).acceptedRisks())
        .containsExactly("column-dropped (medium, V2__rules.sql line 1)");
    assertThat(run.plan().notes())
        .contains("acceptRisks names json-column for nothing: no script was found to have it");
  }

  private static RunOptions accepting(String... rules) {
    return new RunOptions(
        false,
        false,
        false,
        true,
        false,
        false,
        false,
        List.of(),
        List.of(),
        List.of(rules),
        BackupScope.TOUCHED,
        BackupCheck.READ);
  }

  private MigrationPlan plan(RunOptions options, boolean superAdmin) throws Exception {
    return planner.plan(
        registry.find(name).orElseThrow(), new Wanted(null, null, options), "tester", superAdmin);
  }

  private MigrationPlan plan(RunOptions options) throws Exception {
    return plan(options, false);
  }

  private static String message(Run run) {
    return Objects.requireNonNull(run.error()).message();
  }

  private Run run(RunOptions options, @Nullable UUID planId) {
    return run(options, planId, false);
  }

  private Run run(RunOptions options, @Nullable UUID planId, boolean superAdmin) {
    UUID id = UUID.randomUUID();
    lifecycle.request(
        new MigrationRequested(
            id,
            Operation.EXECUTE,
            name,
            null,
            null,
            null,
            null,
            null,
            planId,
            options,
            "tester",
            null,
            null),
        "test",
        superAdmin,
        Instant.now());
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> runs.find(id).orElseThrow().state().terminal());
    return runs.find(id).orElseThrow();
  }

  private void policy(String policy) throws IOException {
    Files.writeString(
        targets,
        """
        targets:
          - name: %s
            url: %s
            catalog: %s
            executor: { user: migrator }
            validator: { user: migrator }
            policy: %s
        """
            .formatted(name, target.target().url(), catalogue, policy));
  }
}
