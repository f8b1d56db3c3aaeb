package io.whimbrel.executor.plan;

import io.whimbrel.executor.apply.HistoryRepair;
import io.whimbrel.executor.catalog.Catalogue;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.plan.PlanProblem.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Collects what {@link PendingMigrations} would refuse, and goes on where it would stop. */
record Surveyor(PendingMigrations pending, Catalogue catalogue) {

  Survey survey(Selection selection, Concessions concessions) {
    List<PlanProblem> problems = new ArrayList<>();
    catalogue.problems().forEach(p -> problems.add(PlanProblem.of(Kind.CATALOGUE, null, p)));
    pending
        .foreign()
        .forEach(
            file -> problems.add(PlanProblem.of(Kind.NOT_CARRIED, file.script(), file.sentence())));
    List<HistoryRepair> repairs =
        tried(problems, () -> pending.contradictions().repairs(concessions.repair()))
            .orElse(List.of());
    PendingMigrations repaired = pending.after(repairs);
    HistoryProblems all = repaired.contradictions().and(repaired.late(false));
    HistoryProblems covered = new HistoryProblems(catalogue, repaired.late(true));
    HistoryProblems ignored =
        tried(problems, () -> all.ignored(concessions.ignore()).and(covered.all())).orElse(covered);
    problems.addAll(all.besides(ignored, repaired.last()));
    List<Migration> migrations = new ArrayList<>();
    tried(problems, () -> repaired.without(ignored.late()).chosen(selection))
        .ifPresent(
            order -> {
              migrations.addAll(order.migrations());
              problems.addAll(order.problems());
            });
    List<String> notes = new ArrayList<>();
    ignored.sentences().forEach(sentence -> notes.add("Passed over: " + sentence));
    notes.addAll(new VersionGaps(catalogue).before(migrations));
    return new Survey(migrations, repairs, problems, notes);
  }

  private static <T> Optional<T> tried(List<PlanProblem> problems, Supplier<T> attempt) {
    try {
      return Optional.of(attempt.get());
    } catch (Refusal e) {
      problems.add(PlanProblem.of(Kind.NAME, null, e.getMessage()));
      return Optional.empty();
    }
  }
}
