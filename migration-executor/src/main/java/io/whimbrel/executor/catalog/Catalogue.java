package io.whimbrel.executor.catalog;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The migrations of a target.
 *
 * @param versioned in the order of their versions
 * @param baselines in the order of their versions
 * @param repeatable in the order of their descriptions
 * @param undo by the version that they take back
 * @param callbacks by the moment they run at, in their order
 * @param uncarried files that would be run by the tool they were made for, and cannot be run here
 * @param problems why no run may start from this catalogue, one sentence each, naming the file
 * @param notices files that are passed over, one sentence each
 */
public record Catalogue(
    List<Migration> versioned,
    List<Migration> baselines,
    List<Migration> repeatable,
    Map<Version, Migration> undo,
    Map<Moment, List<Migration>> callbacks,
    List<Uncarried> uncarried,
    List<String> problems,
    List<String> notices) {

  public Catalogue {
    versioned = List.copyOf(versioned);
    baselines = List.copyOf(baselines);
    repeatable = List.copyOf(repeatable);
    undo = Map.copyOf(undo);
    callbacks = Map.copyOf(callbacks);
    uncarried = List.copyOf(uncarried);
    problems = List.copyOf(problems);
    notices = List.copyOf(notices);
  }

  public Optional<Migration> version(Version version) {
    return versioned.stream().filter(m -> m.requiredVersion().equals(version)).findFirst();
  }

  private Optional<Migration> baseline(Version version) {
    return baselines.stream().filter(m -> m.requiredVersion().equals(version)).findFirst();
  }

  /** The script that takes a migration back; empty for what a version's own does not take back. */
  public Optional<Migration> undoOf(Migration migration) {
    return migration.kind() == Migration.Kind.VERSIONED
        ? undoOf(migration.requiredVersion())
        : Optional.empty();
  }

  public Optional<Migration> undoOf(Version version) {
    return Optional.ofNullable(undo.get(version));
  }

  /**
   * The migration that a caller names by its file name, its version or its description ({@code
   * AddUserTable} or {@code Add user table}); undo scripts are not named.
   *
   * @throws Refusal if there is none, or several of that description, which it then names
   */
  public Migration named(String text) {
    MigrationName name = new MigrationName(text);
    return one(name, m -> name.isScript(m.script()))
        .or(() -> name.version().flatMap(this::version))
        .or(() -> name.version().flatMap(this::baseline))
        .or(() -> one(name, m -> name.isDescription(m.description())))
        .orElseThrow(
            () ->
                new Refusal(
                    "No migration is named "
                        + name.quoted()
                        + "; name one by its version, its description or its file name"));
  }

  private Optional<Migration> one(MigrationName name, Predicate<Migration> matches) {
    List<Migration> found =
        Stream.of(versioned, baselines, repeatable).flatMap(List::stream).filter(matches).toList();
    if (found.size() > 1) {
      throw new Refusal(
          "The name "
              + name.quoted()
              + " is ambiguous; name one of them by its file name: "
              + found.stream().map(Migration::script).collect(Collectors.joining(", ")));
    }
    return found.stream().findFirst();
  }
}
