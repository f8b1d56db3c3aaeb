package io.whimbrel.benchmark;

import io.whimbrel.executor.catalog.Catalogue;
import io.whimbrel.executor.catalog.FlywayCatalogueReader;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.planning.Scripts;
import io.whimbrel.executor.rehearsal.Rehearsal;
import io.whimbrel.executor.rehearsal.RehearsalLimits;
import io.whimbrel.executor.rehearsal.RehearsalReport;
import io.whimbrel.executor.rehearsal.facts.Change;
import io.whimbrel.executor.rehearsal.facts.RelationState;
import io.whimbrel.executor.rehearsal.facts.ScriptFacts;
import io.whimbrel.executor.reversal.Budget;
import io.whimbrel.executor.reversal.Reversals;
import io.whimbrel.executor.reversal.WayBack;
import io.whimbrel.executor.reversal.WayBack.Verdict;
import io.whimbrel.local.EmbeddedPostgres;
import io.whimbrel.target.Login;
import io.whimbrel.target.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Derives and proves the undo of every migration of real sets, each a directory of Flyway files for
 * an empty database. Undo scripts of the sets are not used. A migration of which the rehearsal,
 * that knows nothing of undos, saw that it drops a table or a column, and whose way back is called
 * proven all the same, is counted as a silent loss.
 */
final class UndoBenchmark {
  private static final String USER = "undo_benchmark";
  private static final Duration TIME = Duration.ofMinutes(10);

  private final EmbeddedPostgres server;
  private final Path home;
  private final List<String> reasons = new ArrayList<>();

  private UndoBenchmark(EmbeddedPostgres server, Path home) {
    this.server = server;
    this.home = home;
  }

  static void run(Path sets) throws Exception {
    OwnServer.with((server, home) -> new UndoBenchmark(server, home).all(sets));
  }

  private void all(Path sets) throws Exception {
    System.out.println(
        "| set | migrations | proven | structure only | loses data | not proven | not looked at |"
            + " lost in silence | seconds |");
    System.out.println("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
    try (Stream<Path> directories = Files.list(sets)) {
      for (Path set : directories.filter(Files::isDirectory).sorted().toList()) {
        one(set);
      }
    }
    System.out.println();
    reasons.forEach(reason -> System.out.println("- " + reason));
  }

  private void one(Path set) throws Exception {
    long began = System.nanoTime();
    Target target = target(set);
    Catalogue catalogue = new FlywayCatalogueReader().read(target.catalog());
    var current = new Scripts.Current(catalogue, Scripts.placeholders(target));
    List<Script> scripts =
        Stream.concat(catalogue.versioned().stream(), catalogue.repeatable().stream())
            .flatMap(migration -> script(set, current, migration).stream())
            .toList();
    Catalogue alone = new FlywayCatalogueReader().read(List.of(nothing()));
    List<WayBack> ways =
        Reversals.of(target, UUID.randomUUID(), scripts, alone, new Budget(TIME, 24));
    RehearsalReport rehearsed =
        Rehearsal.rehearse(
            target, UUID.randomUUID(), scripts, new RehearsalLimits(TIME, TIME, () -> true));
    Set<String> losing = losing(rehearsed.scripts());
    Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
    int silent = 0;
    for (WayBack way : ways) {
      counts.merge(way.verdict(), 1, Integer::sum);
      boolean lost = way.proven() && losing.contains(way.script());
      silent += lost ? 1 : 0;
      if (lost || way.verdict() == Verdict.NOT_PROVEN || way.verdict() == Verdict.NOT_LOOKED_AT) {
        reasons.add(
            set.getFileName()
                + " "
                + way.script()
                + (lost ? " drops something and is called proven" : ": " + way.reason()));
      }
    }
    System.out.printf(
        "| %s | %d | %d | %d | %d | %d | %d | %d | %.1f |%n",
        set.getFileName(),
        ways.size(),
        counts.getOrDefault(Verdict.PROVEN, 0),
        counts.getOrDefault(Verdict.STRUCTURE_ONLY, 0),
        counts.getOrDefault(Verdict.LOSES_DATA, 0),
        counts.getOrDefault(Verdict.NOT_PROVEN, 0),
        counts.getOrDefault(Verdict.NOT_LOOKED_AT, 0),
        silent,
        (System.nanoTime() - began) / 1e9);
    catalogue.problems().forEach(problem -> reasons.add(set.getFileName() + ": " + problem));
  }

  /** What the engine would apply; a script that it refuses is no migration of the set. */
  private Optional<Script> script(Path set, Scripts.Current current, Migration migration) {
    try {
      return Optional.of(current.script(migration));
    } catch (Refusal e) {
      reasons.add(set.getFileName() + ": left out, as it is refused: " + e.getMessage());
      return Optional.empty();
    }
  }

  private Path nothing() throws IOException {
    return Files.createDirectories(home.resolve("none"));
  }

  /** Scripts that drop a table or a column that an earlier one has made. */
  private static Set<String> losing(List<ScriptFacts> scripts) {
    Set<String> losing = new HashSet<>();
    for (ScriptFacts script : scripts) {
      Set<Object> own = new HashSet<>();
      script.statements().stream()
          .map(statement -> statement.changes())
          .forEach(
              changes -> {
                changes.relations().stream()
                    .filter(Change::created)
                    .forEach(one -> own.add(one.is().name()));
                changes.columns().stream()
                    .filter(Change::created)
                    .forEach(one -> own.add(one.is().table() + "." + one.is().name()));
                boolean table =
                    changes.relations().stream()
                        .filter(Change::dropped)
                        .anyMatch(
                            one ->
                                one.was().kind() == RelationState.Kind.TABLE
                                    && !own.contains(one.was().name()));
                boolean column =
                    changes.columns().stream()
                        .filter(Change::dropped)
                        .anyMatch(
                            one ->
                                !own.contains(one.was().table())
                                    && !own.contains(one.was().table() + "." + one.was().name()));
                if (table || column) {
                  losing.add(script.script());
                }
              });
    }
    return losing;
  }

  private Target target(Path set) throws Exception {
    String name = "undo_" + set.getFileName().toString().replaceAll("[^a-z0-9]", "_");
    String url = server.createDatabase(name, USER, "benchmark");
    server.createUser(USER, "benchmark", "CREATEDB");
    Path password = Files.writeString(home.resolve("password"), "benchmark");
    Login login = new Login(USER, null, password);
    return OwnServer.target("undo", url, set, login);
  }
}
