package io.whimbrel.executor.plan;

import io.whimbrel.executor.apply.AppliedMigration;
import io.whimbrel.executor.apply.History;
import io.whimbrel.executor.apply.HistoryRepair;
import io.whimbrel.executor.catalog.Catalogue;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Placeholders;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Uncarried;
import io.whimbrel.executor.catalog.Version;
import io.whimbrel.executor.plan.PlanProblem.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Compares a catalogue with what a target's history says. Decides only; touches nothing.
 *
 * <p>As with Flyway, a migration is never applied before another one of a smaller version, unless
 * the target allows it, and nothing is applied while an applied script has changed or is missing.
 * Files of applied versions above the whole catalogue may be missing: then the catalogue is older
 * than the target.
 */
public final class PendingMigrations {

  private static final int FILES_NAMED = 50;

  private final Catalogue catalogue;
  private final Placeholders placeholders;
  private final History history;
  private final TreeMap<Version, AppliedMigration> applied;
  private final Rules rules;
  private final Set<Migration> leftOut;
  private final PendingBaseline baseline;

  public PendingMigrations(Catalogue catalogue, History history, Placeholders placeholders) {
    this(catalogue, history, placeholders, Rules.STRICT);
  }

  public PendingMigrations(
      Catalogue catalogue, History history, Placeholders placeholders, Rules rules) {
    this(catalogue, history, placeholders, rules, Set.of());
  }

  private PendingMigrations(
      Catalogue catalogue,
      History history,
      Placeholders placeholders,
      Rules rules,
      Set<Migration> leftOut) {
    this.rules = rules;
    this.catalogue = catalogue;
    this.placeholders = placeholders;
    this.history = history;
    this.applied = history.versions();
    this.leftOut = leftOut;
    this.baseline = PendingBaseline.of(catalogue, history);
  }

  /** Everything that is pending, in order, whatever else is wrong; for overviews. */
  public List<Migration> all() {
    List<Migration> pending = new ArrayList<>(versioned());
    catalogue.repeatable().stream().filter(this::isDue).forEach(pending::add);
    return pending;
  }

  /**
   * What a run is going to do.
   *
   * @param migrations in the order of application; empty if nothing is pending
   * @param repairs of the history, before the first migration
   * @param ignored one sentence for each problem that the run passes over
   */
  public record Decision(
      List<Migration> migrations, List<HistoryRepair> repairs, List<String> ignored) {}

  /** As {@link #decide}, without concessions. */
  public List<Migration> select(Selection selection) {
    return decide(selection, Concessions.NONE).migrations();
  }

  /**
   * What a selection comes to.
   *
   * @throws Refusal if the catalogue has a problem, an applied migration is missing, changed or has
   *     failed, or one is out of order, and no concession is made; if a concession is not needed;
   *     if the name is unknown, ambiguous or already applied, or a migration that one depends on is
   *     not there before it
   */
  public Decision decide(Selection selection, Concessions concessions) {
    requireSoundCatalogue();
    if (!concessions.repair().isEmpty()) {
      List<HistoryRepair> repairs = contradictions().repairs(concessions.repair());
      Decision after = after(repairs).decide(selection, concessions.withoutRepair());
      return new Decision(after.migrations(), repairs, after.ignored());
    }
    HistoryProblems all = contradictions().and(late(false));
    HistoryProblems ignored = all.ignored(concessions.ignore()).and(late(true));
    all.refuseAllBut(ignored, last());
    Dependencies.Order chosen = without(ignored.late()).chosen(selection);
    if (!chosen.problems().isEmpty()) {
      throw new Refusal(Some.of(chosen.problems().stream().map(PlanProblem::message).toList()));
    }
    return new Decision(chosen.migrations(), List.of(), ignored.sentences());
  }

  /** What a selection comes to, and everything that {@link #decide} would refuse it for. */
  public Survey survey(Selection selection, Concessions concessions) {
    return new Surveyor(this, catalogue).survey(selection, concessions);
  }

  HistoryProblems contradictions() {
    List<HistoryProblem> problems = new AppliedCheck(catalogue, history, rules.texts()).problems();
    problems.removeIf(rules.ignored()::cover);
    return new HistoryProblems(catalogue, problems);
  }

  Optional<Version> last() {
    return applied.isEmpty() ? Optional.empty() : Optional.of(applied.lastKey());
  }

  PendingMigrations after(List<HistoryRepair> repairs) {
    return repairs.isEmpty()
        ? this
        : new PendingMigrations(catalogue, history.after(repairs), placeholders, rules);
  }

  PendingMigrations without(Set<Migration> late) {
    return new PendingMigrations(catalogue, history, placeholders, rules, late);
  }

  /** How scripts differ from what was applied. */
  public List<ScriptDifference> differences() {
    return new AppliedCheck(catalogue, history, rules.texts()).differences();
  }

  List<HistoryProblem> late(boolean covered) {
    return versioned().stream()
        .filter(this::isOutOfOrder)
        .map(
            late ->
                new HistoryProblem(
                    HistoryProblem.Kind.OUT_OF_ORDER,
                    null,
                    late,
                    null,
                    late.script()
                        + " is left out, as version "
                        + applied.lastKey()
                        + " is applied and it would be out of order"))
        .filter(problem -> rules.ignored().cover(problem) == covered)
        .toList();
  }

  Dependencies.Order chosen(Selection selection) {
    if (selection instanceof Selection.UpTo upTo) {
      List<Migration> chosen = upTo(catalogue.named(upTo.name()));
      return dependencies(chosen).of(chosen);
    }
    if (selection instanceof Selection.Named named) {
      return one(catalogue.named(named.name()));
    }
    return dependencies(all()).of(all());
  }

  private Dependencies dependencies(List<Migration> chosen) {
    return new Dependencies(catalogue, one -> isApplied(one) || isStoodFor(one, chosen));
  }

  private boolean isStoodFor(Migration migration, List<Migration> chosen) {
    return baseline.covers(migration) && baseline.script().filter(chosen::contains).isPresent();
  }

  private void requireSoundCatalogue() {
    if (!catalogue.problems().isEmpty()) {
      throw new Refusal("The catalogue has problems: " + Some.of(catalogue.problems()));
    }
    List<String> foreign = foreign().stream().map(Uncarried::sentence).distinct().toList();
    if (!foreign.isEmpty()) {
      throw new Refusal("These cannot be run: " + Some.of(foreign, FILES_NAMED));
    }
  }

  List<Uncarried> foreign() {
    return catalogue.uncarried().stream().filter(this::isPending).distinct().toList();
  }

  private List<Migration> upTo(Migration last) {
    if (last.version() == null) {
      throw new Refusal(
          last.script() + " is repeatable, and has no place in the order; name a version");
    }
    baseline.requireReached(last);
    return versioned().stream()
        .filter(m -> m.requiredVersion().compareTo(last.requiredVersion()) <= 0)
        .toList();
  }

  private Dependencies.Order one(Migration named) {
    if (isApplied(named) && !isDue(named)) {
      return refused(Kind.ALREADY_APPLIED, named, named.script() + " is already applied");
    }
    if (leftOut.contains(named)) {
      throw new Refusal(named.script() + " is asked for, and named under ignore; choose one");
    }
    if (named.version() != null) {
      baseline.requireRunnable(named);
    }
    Dependencies.Order order = dependencies(List.of(named)).withNeeded(List.of(named));
    List<Migration> versions =
        order.migrations().stream().filter(m -> m.version() != null).toList();
    if (versions.isEmpty() || rules.outOfOrder()) {
      return order;
    }
    Migration last = versions.get(versions.size() - 1);
    List<String> between =
        upTo(last).stream().filter(m -> !versions.contains(m)).map(Migration::script).toList();
    return between.isEmpty()
        ? order
        : refused(
            Kind.NOT_NEXT,
            named,
            last.script()
                + " is not the next: "
                + Some.of(between)
                + " would be out of order after it; ask for everything up to "
                + last.version());
  }

  private static Dependencies.Order refused(Kind kind, Migration named, String message) {
    return new Dependencies.Order(
        List.of(), List.of(PlanProblem.of(kind, named.script(), message)));
  }

  private List<Migration> versioned() {
    return Stream.concat(
            baseline.script().stream(),
            catalogue.versioned().stream().filter(m -> !baseline.covers(m)))
        .filter(m -> !isApplied(m) && !leftOut.contains(m))
        .toList();
  }

  private boolean isApplied(Migration migration) {
    if (migration.version() == null) {
      return history.repeatables().containsKey(migration.description());
    }
    return isApplied(migration.requiredVersion());
  }

  private boolean isApplied(Version version) {
    return applied.containsKey(version)
        || history.baseline().filter(baseline -> version.compareTo(baseline) <= 0).isPresent();
  }

  private boolean isOutOfOrder(Migration migration) {
    return !rules.outOfOrder()
        && !applied.isEmpty()
        && migration.requiredVersion().compareTo(applied.lastKey()) < 0;
  }

  // The history may hold the checksum of the file or that of the text with placeholders replaced.
  private boolean isDue(Migration migration) {
    if (migration.kind() != Migration.Kind.REPEATABLE) {
      return !isApplied(migration);
    }
    Map<String, AppliedMigration> last = history.repeatables();
    AppliedMigration row = last.get(migration.description());
    if (row == null || row.checksum() == null) {
      return true;
    }
    return row.checksum() != migration.checksum()
        && row.checksum() != placeholders.checksum(migration);
  }

  // What Flyway has applied is as good as ours; a callback has no row that would say so.
  private boolean isPending(Uncarried file) {
    if (file.onlyFirst() && (!applied.isEmpty() || history.baseline().isPresent())) {
      return false;
    }
    Version version = file.version();
    if (version != null) {
      return !isApplied(version) && !baseline.covers(version);
    }
    String description = file.description();
    return description == null || !history.repeatables().containsKey(description);
  }
}
