package io.whimbrel.executor.plan;

import io.whimbrel.executor.apply.HistoryRepair;
import io.whimbrel.executor.catalog.Catalogue;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.MigrationName;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Version;
import io.whimbrel.executor.plan.HistoryProblem.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The problems of a target, and those of them that a caller names. */
record HistoryProblems(Catalogue catalogue, List<HistoryProblem> all) {

  /**
   * What repairing the named ones comes to.
   *
   * @throws Refusal if a name means no problem, or several
   */
  List<HistoryRepair> repairs(List<String> names) {
    return named(names, "a repair could put right").stream()
        .flatMap(problem -> problem.repair().stream())
        .toList();
  }

  /**
   * The named ones, which a run may pass over.
   *
   * @throws Refusal if a name means no problem, or several, or a failure
   */
  HistoryProblems ignored(List<String> names) {
    List<HistoryProblem> ignored = named(names, "could be passed over");
    for (HistoryProblem problem : ignored) {
      // What a failed script left behind is not known, so nothing can be built upon it.
      if (problem.kind() == Kind.FAILED) {
        throw new Refusal("A failure cannot be passed over, only repaired. " + problem.sentence());
      }
    }
    return new HistoryProblems(catalogue, ignored);
  }

  HistoryProblems and(List<HistoryProblem> others) {
    return new HistoryProblems(
        catalogue, Stream.concat(all.stream(), others.stream()).distinct().toList());
  }

  /**
   * Refuses, if there is a problem beside the given ones.
   *
   * @param last the greatest version that is applied
   */
  void refuseAllBut(HistoryProblems ignored, Optional<Version> last) {
    List<HistoryProblem> left = new ArrayList<>(all);
    left.removeAll(ignored.all);
    List<String> others =
        left.stream().filter(p -> !p.isLate()).map(HistoryProblem::sentence).toList();
    if (!others.isEmpty()) {
      throw new Refusal(Some.of(others));
    }
    if (!left.isEmpty()) {
      throw new Refusal(
          "Version "
              + last.map(Version::toString).orElse("")
              + " is applied, so these would be out of order; give them greater versions, allow"
              + " outOfOrder, or have them left out by naming them under ignore: "
              + Some.of(left.stream().map(HistoryProblem::script).toList()));
    }
  }

  /**
   * All but the given ones, each with its remedy.
   *
   * @param last the greatest version that is applied
   */
  List<PlanProblem> besides(HistoryProblems ignored, Optional<Version> last) {
    return all.stream()
        .filter(problem -> !ignored.all.contains(problem))
        .map(
            problem ->
                PlanProblem.of(
                    PlanProblem.Kind.valueOf(problem.kind().name()),
                    problem.script(),
                    problem.isLate()
                        ? problem.script()
                            + " would be out of order, as version "
                            + last.map(Version::toString).orElse("")
                            + " is applied; give it a greater version, allow outOfOrder, or have it"
                            + " left out by naming it under ignore"
                        : problem.sentence()))
        .toList();
  }

  /** The pending ones among them. */
  Set<Migration> late() {
    return all.stream()
        .filter(HistoryProblem::isLate)
        .flatMap(problem -> Stream.ofNullable(problem.file()))
        .collect(Collectors.toUnmodifiableSet());
  }

  List<String> sentences() {
    return all.stream().map(HistoryProblem::sentence).toList();
  }

  private List<HistoryProblem> named(List<String> names, String what) {
    return names.stream().map(name -> named(new MigrationName(name), what)).distinct().toList();
  }

  private HistoryProblem named(MigrationName name, String what) {
    List<HistoryProblem> meant = all.stream().filter(p -> p.isAbout(name)).toList();
    if (meant.size() > 1) {
      throw new Refusal(
          "The name "
              + name.quoted()
              + " is ambiguous; name one of them by its file name: "
              + meant.stream().map(HistoryProblem::script).collect(Collectors.joining(", ")));
    }
    if (meant.isEmpty()) {
      throw new Refusal(
          catalogue.named(name.text()).script()
              + " has no problem that "
              + what
              + "; leave it out of the request");
    }
    return meant.get(0);
  }
}
