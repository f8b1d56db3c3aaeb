package io.whimbrel.executor.step;

import io.whimbrel.executor.step.FlywayCase.Verb;
import io.whimbrel.executor.step.FlywayCase.WriteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Projects of Flyway, run on a database of Whimbrel's and on one of Flyway's, and compared. */
class FlywayCasesIT {

  static List<FlywayCase> cases() throws Exception {
    Path directory =
        Path.of(Objects.requireNonNull(FlywayCasesIT.class.getResource("/flyway-cases")).toURI());
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".txt"))
          .sorted()
          .flatMap(FlywayCasesIT::read)
          .toList();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void endsAsItSays(FlywayCase one, @TempDir Path directory) throws Exception {
    FlywayProject project = new FlywayProject(directory);
    for (FlywayCase.Step step : one.steps()) {
      if (step instanceof WriteFile file) {
        project.write(file);
      } else if (step instanceof Verb verb) {
        project.perform(verb);
      }
    }
    project.end();
  }

  private static Stream<FlywayCase> read(Path file) {
    try {
      return FlywayCase.read(file).stream();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
