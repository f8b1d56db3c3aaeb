package io.whimbrel.executor.catalog;

import io.whimbrel.executor.catalog.Migration.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Reads Flyway's files: names, encodings, {@code .sql.conf} files and the order of what they hold.
 * Files and directories whose names begin with a dot are not looked at.
 */
public final class FlywayCatalogueReader implements CatalogueReader {

  private static final String CONFIG_SUFFIX = ".conf";

  @Override
  public Catalogue read(List<Path> locations) {
    Reading reading = new Reading();
    locations.stream().distinct().forEach(reading::location);
    return reading.catalogue();
  }

  /** A text, or why there is none. */
  private record ReadText(Supplier<ScriptText> given) {

    static ReadText of(Path file) {
      try {
        ScriptText text = ScriptText.in(file, StandardCharsets.UTF_8);
        return new ReadText(() -> text);
      } catch (Refusal e) {
        return new ReadText(
            () -> {
              throw e;
            });
      }
    }

    ScriptText text() {
      return given.get();
    }
  }

  /** One pass over the files, collecting. */
  private static final class Reading {

    private final List<Migration> versioned = new ArrayList<>();
    private final List<Migration> baselines = new ArrayList<>();
    private final List<Migration> repeatable = new ArrayList<>();
    private final Map<Version, Migration> undo = new HashMap<>();
    private final Map<Moment, List<Migration>> callbacks = new EnumMap<>(Moment.class);
    private final List<Uncarried> uncarried = new ArrayList<>();
    private final Set<Path> present = new HashSet<>();
    private final Map<Path, ReadText> texts = new ConcurrentHashMap<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();

    void location(Path location) {
      if (!Files.isDirectory(location)) {
        problems.add(location + ": is not a directory; create it or correct the target's catalog");
        return;
      }
      try (Stream<Path> found =
          Files.find(
              location,
              Integer.MAX_VALUE,
              (file, attributes) -> attributes.isRegularFile(),
              FileVisitOption.FOLLOW_LINKS)) {
        List<Path> files =
            found.filter(file -> !hidden(location.relativize(file))).sorted().toList();
        present.addAll(files);
        readTogether(files);
        files.forEach(file -> file(location, file));
      } catch (IOException | UncheckedIOException e) {
        problems.add(location + ": cannot be read; check the modes of what it holds");
      }
    }

    /** Many small files wait for the disk and the processor: several at once take less time. */
    private void readTogether(List<Path> files) {
      if (files.size() >= Script.WORTH_THREADS) {
        files.parallelStream()
            .filter(Reading::isScript)
            .forEach(file -> texts.put(file, ReadText.of(file)));
      }
    }

    private static boolean isScript(Path file) {
      String name = file.getFileName().toString();
      try {
        return FlywayFileName.parse(name).isPresent();
      } catch (Refusal e) {
        return false;
      }
    }

    private ScriptText text(Path file) {
      ReadText read = texts.remove(file);
      return (read == null ? ReadText.of(file) : read).text();
    }

    private void file(Path location, Path file) {
      String script = location.relativize(file).toString().replace('\\', '/');
      String name = script.substring(script.lastIndexOf('/') + 1);
      if (name.endsWith(CONFIG_SUFFIX) && FlywayFileName.isSql(withoutConfigSuffix(name))) {
        return; // read with its script
      }
      try {
        FlywayFileName.parse(name)
            .ifPresentOrElse(
                parsed -> add(migration(location, file, script, parsed)),
                () -> passOver(location, file, script, name));
      } catch (Refusal e) {
        problems.add(script + ": " + e.getMessage());
      }
    }

    private static String withoutConfigSuffix(String name) {
      return name.substring(0, name.length() - CONFIG_SUFFIX.length());
    }

    private void passOver(Path location, Path file, String script, String name) {
      Optional<FlywayCallbackName> callback =
          FlywayFileName.isSql(name)
              ? FlywayCallbackName.parse(FlywayFileName.stem(name))
              : Optional.empty();
      if (callback.isPresent()) {
        callback(location, file, script, callback.get());
        return;
      }
      List<Uncarried> found = FlywayUncarried.of(file, script);
      uncarried.addAll(found);
      found.forEach(one -> notices.add(one.sentence()));
      FlywayFileName.passedOver(name).ifPresent(notice -> notices.add(script + " " + notice));
    }

    private void callback(Path location, Path file, String script, FlywayCallbackName name) {
      if (name.moment().isPresent()) {
        FlywayFileName as = new FlywayFileName(Kind.CALLBACK, null, name.description());
        List<Migration> those =
            callbacks.computeIfAbsent(name.moment().get(), moment -> new ArrayList<>());
        Migration added = migration(location, file, script, as);
        those.stream()
            .filter(other -> other.description().equals(added.description()))
            .forEach(other -> problems.add(twice(added, other, "both are " + name.event())));
        those.add(added);
      } else {
        notices.add(
            script + " is a callback of an event that Whimbrel does not have; it never runs");
      }
    }

    private Migration migration(Path location, Path file, String script, FlywayFileName name) {
      ScriptText text = text(file);
      return new Migration(
          name.kind(),
          name.version(),
          name.description(),
          script,
          location,
          text.checksum(),
          present.contains(FlywayConfFile.of(file))
              ? FlywayConfFile.read(file)
              : ScriptConfig.DEFAULT,
          text);
    }

    private void add(Migration migration) {
      switch (migration.kind()) {
        case VERSIONED -> versioned.add(migration);
        case BASELINE -> baselines.add(migration);
        case REPEATABLE -> repeatable.add(migration);
        case CALLBACK -> throw new IllegalArgumentException(migration.script());
        case UNDO -> {
          Migration other = undo.putIfAbsent(migration.requiredVersion(), migration);
          if (other != null) {
            problems.add(twice(migration, other, "both take back version " + other.version()));
          }
        }
      }
    }

    Catalogue catalogue() {
      versioned.sort(Comparator.comparing(Migration::requiredVersion));
      baselines.sort(Comparator.comparing(Migration::requiredVersion));
      callbacks.values().forEach(c -> c.sort(Comparator.comparing(Migration::description)));
      repeatable.sort(Comparator.comparing(Migration::description));
      takeCopiesOnce(versioned);
      takeCopiesOnce(baselines);
      takeCopiesOnce(repeatable);
      refuseTwice(versioned, Migration::requiredVersion, "version ");
      refuseTwice(baselines, Migration::requiredVersion, "version ");
      refuseTwice(repeatable, Migration::description, "the description ");
      undo.values().stream()
          .filter(
              u ->
                  versioned.stream()
                      .noneMatch(v -> v.requiredVersion().equals(u.requiredVersion())))
          .map(u -> u.script() + ": there is no migration " + u.version() + "; remove or rename it")
          .sorted()
          .forEach(problems::add);
      return new Catalogue(
          versioned, baselines, repeatable, undo, callbacks, uncarried, problems, notices);
    }

    // As Flyway: one file in two locations, with the same text, is one migration.
    private static void takeCopiesOnce(List<Migration> sorted) {
      for (int i = sorted.size() - 1; i > 0; i--) {
        Migration one = sorted.get(i - 1);
        Migration next = sorted.get(i);
        if (one.script().equals(next.script())
            && one.checksum() == next.checksum()
            && one.config().equals(next.config())) {
          sorted.remove(i);
        }
      }
    }

    private void refuseTwice(List<Migration> sorted, Function<Migration, Object> key, String what) {
      for (int i = 1; i < sorted.size(); i++) {
        Migration one = sorted.get(i - 1);
        Migration next = sorted.get(i);
        if (key.apply(next).equals(key.apply(one))) {
          problems.add(twice(one, next, "both have " + what + key.apply(one)));
        }
      }
    }

    private static String twice(Migration one, Migration other, String what) {
      String first = one.location().resolve(one.script()).toString();
      String second = other.location().resolve(other.script()).toString();
      return first + " and " + second + ": " + what + "; rename or remove one";
    }

    private static boolean hidden(Path relative) {
      for (Path part : relative) {
        if (part.toString().startsWith(".")) {
          return true;
        }
      }
      return false;
    }
  }
}
