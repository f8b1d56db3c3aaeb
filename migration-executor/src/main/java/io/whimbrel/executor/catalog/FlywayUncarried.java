package io.whimbrel.executor.catalog;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** Finds what Flyway would run and we cannot: migrations and callbacks that are not SQL. */
final class FlywayUncarried {

  private static final Map<String, String> LANGUAGES =
      Map.of(
          "java", "is in Java",
          "class", "is a compiled class",
          "kt", "is in Kotlin",
          "groovy", "is in Groovy",
          "sh", "is a shell script",
          "bash", "is a shell script",
          "ps1", "is a PowerShell script",
          "bat", "is a batch file",
          "cmd", "is a batch file",
          "py", "is a Python script");
  private static final Pattern FILE = Pattern.compile("(.*)\\.(\\w+)");
  private static final Pattern MIGRATION = Pattern.compile("(?:[VB](\\d[\\d._]*)|R)__(.*)");

  private FlywayUncarried() {}

  /** What the file is, or what is inside it; empty for anything else, as a README. */
  static List<Uncarried> of(Path file, String script) {
    if (script.endsWith(".jar")) {
      return inside(file, script);
    }
    String name = script.substring(script.lastIndexOf('/') + 1);
    return FlywayFileName.isSql(name) ? List.of() : named(name, script).stream().toList();
  }

  private static boolean isBaseline(String name) {
    return name.startsWith("B");
  }

  private static Optional<Uncarried> named(String name, String script) {
    Matcher parts = FILE.matcher(name);
    String language = parts.matches() ? LANGUAGES.get(parts.group(2)) : null;
    if (language == null) {
      return Optional.empty();
    }
    Matcher migration = MIGRATION.matcher(parts.group(1));
    if (migration.matches()) {
      return Optional.of(
          migration(
              script,
              migration.group(1),
              migration.group(2),
              language + ", and only SQL can be run; apply it with Flyway, or write it in SQL"));
    }
    return FlywayCallbackName.parse(parts.group(1)).isPresent()
        ? Optional.of(
            new Uncarried(
                script, null, null, language + ", and only callbacks in SQL can be run; " + MOVE))
        : Optional.empty();
  }

  private static final String MOVE = "write it in SQL, or move it out of the catalogue";

  private static Uncarried migration(
      String script, @Nullable String version, String description, String why) {
    Version parsed =
        version == null ? null : Version.parse(version.replaceFirst("[._]+$", "")).orElse(null);
    String name = script.substring(script.lastIndexOf('/') + 1);
    return new Uncarried(script, parsed, description.replace('_', ' '), isBaseline(name), why);
  }

  // The catalogue may hold jars that have nothing to do with migrations; only entries count.
  private static List<Uncarried> inside(Path file, String script) {
    List<Uncarried> found = new ArrayList<>();
    try (ZipFile jar = new ZipFile(file.toFile())) {
      jar.stream()
          .map(ZipEntry::getName)
          .sorted()
          .forEach(
              entry ->
                  named(entry.substring(entry.lastIndexOf('/') + 1), script + "!/" + entry)
                      .ifPresent(found::add));
    } catch (IOException e) {
      found.add(
          new Uncarried(script, null, null, "is a jar that cannot be read; move it elsewhere"));
    }
    return found;
  }
}
