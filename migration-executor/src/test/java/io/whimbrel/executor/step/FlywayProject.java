package io.whimbrel.executor.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.whimbrel.executor.apply.TestTarget;
import io.whimbrel.executor.plan.Concessions;
import io.whimbrel.executor.plan.Selection;
import io.whimbrel.executor.step.FlywayCase.Verb;
import io.whimbrel.executor.step.FlywayCase.WriteFile;
import io.whimbrel.target.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/** The files of one case, and two databases that are taken through it: Whimbrel's and Flyway's. */
final class FlywayProject {

  private static final String LOG =
      """
      create schema log;
      create table log.log (n serial, what text);
      create procedure log.say(what text) language sql
        as 'insert into log.log (what) values ($1)'\
      """;
  private static final String SAID = "select string_agg(what, ', ' order by n) from log.log";
  private static final String HISTORY =
      "select string_agg(concat_ws(' ', coalesce(version, 'R'), nullif(description, ''),"
          + " nullif(type, 'SQL')), ', ' order by installed_rank) from flyway_schema_history";
  private static final String ROWS =
      "select string_agg(concat_ws(' | ', installed_rank, coalesce(version, '-'), description,"
          + " type, script, coalesce(checksum::text, '-'), success), e'\\n'"
          + " order by installed_rank) from flyway_schema_history";

  private final Path directory;
  private final TestTarget ours;
  private final TestTarget theirs;
  private boolean alike = true;
  private boolean everything;
  private Concessions concessions = Concessions.NONE;
  private @Nullable Outcome outcome;

  FlywayProject(Path directory) throws Exception {
    this.directory = directory;
    this.ours = new TestTarget(directory);
    this.theirs = new TestTarget(directory);
    sql(LOG);
  }

  void write(WriteFile file) throws IOException {
    Path path = directory.resolve(file.name());
    Files.createDirectories(path.getParent());
    Files.writeString(path, file.text(), file.charset());
  }

  void perform(Verb verb) throws Exception {
    String rest = verb.rest();
    switch (verb.word()) {
      case "run" -> run(rest);
      case "undo" -> {
        everything = false;
        outcome = new TestRun(ours).undo(rest);
      }
      case "refused" -> expect("refused", rest);
      case "failed" -> expect("failed", rest);
      case "log" -> same(SAID, rest);
      case "history" -> same(HISTORY, rest);
      case "value" -> {
        List<String> parts = List.of(rest.split(" => ", -1));
        same(parts.get(0), parts.get(1));
      }
      case "notices" ->
          assertThat(ours.catalogue().notices()).anyMatch(notice -> notice.contains(rest));
      case "sql" -> sql(rest);
      case "remove" -> Files.delete(directory.resolve(rest));
      case "schemas" -> both(target -> target.schemas(rest.split(", ", -1)));
      case "locations" -> locations(rest);
      case "adopted" -> both(TestTarget::adopted);
      case "outOfOrder" -> both(TestTarget::outOfOrder);
      case "repair" -> concessions = new Concessions(names(rest), concessions.ignore());
      case "ignore" -> concessions = new Concessions(concessions.repair(), names(rest));
      case "placeholder" -> {
        List<String> parts = List.of(rest.split(" ", 2));
        both(target -> target.placeholder(parts.get(0), parts.get(1)));
      }
      case "project" -> project(rest.split(" ", 2));
      case "unlike" -> alike = false;
      default -> throw new IllegalArgumentException(verb.word());
    }
  }

  /** After the last step: an outcome that nobody asked about has to be success. */
  void end() {
    expectSuccess();
    if (everything && alike) {
      var validation = ours.flyway().validateWithResult();
      assertThat(validation.validationSuccessful)
          .as(() -> "Flyway validates: " + validation.getAllErrorMessages())
          .isTrue();
      assertThat(ours.flyway().info().pending()).as("pending for Flyway").isEmpty();
    }
  }

  private void run(String selection) throws Exception {
    expectSuccess();
    everything = selection.isEmpty();
    Concessions asked = concessions;
    concessions = Concessions.NONE;
    Outcome ended = new TestRun(ours).apply(selection(selection), asked);
    outcome = ended;
    if (!alike || !everything) {
      return;
    }
    if (!asked.repair().isEmpty()) {
      theirs.flyway().repair();
    }
    if (ended.how().equals("applied")) {
      theirs.flyway().migrate();
    } else {
      everything = false;
      assertThatThrownBy(() -> theirs.flyway().migrate()).isInstanceOf(FlywayException.class);
    }
    if (!ended.how().equals("refused")) {
      assertThat(value(ours, ROWS)).as("history as Flyway's").isEqualTo(value(theirs, ROWS));
      assertThat(value(ours, SAID)).as("log as Flyway's").isEqualTo(value(theirs, SAID));
    }
  }

  private void project(String[] setting) {
    Project now = ours.target().project();
    String value = setting[1];
    Project changed =
        switch (setting[0]) {
          case "placeholders" -> {
            String[] marks = value.split(" ", -1);
            yield new Project(
                marks[0],
                marks[1],
                marks[2],
                now.placeholderReplacement(),
                now.environment(),
                now.workingDirectory(),
                now.ignoreMigrationPatterns());
          }
          case "placeholderReplacement" ->
              new Project(
                  now.placeholderPrefix(),
                  now.placeholderSuffix(),
                  now.placeholderSeparator(),
                  Boolean.parseBoolean(value),
                  now.environment(),
                  now.workingDirectory(),
                  now.ignoreMigrationPatterns());
          case "workingDirectory" ->
              new Project(
                  now.placeholderPrefix(),
                  now.placeholderSuffix(),
                  now.placeholderSeparator(),
                  now.placeholderReplacement(),
                  now.environment(),
                  value,
                  now.ignoreMigrationPatterns());
          case "ignoreMigrationPatterns" ->
              new Project(
                  now.placeholderPrefix(),
                  now.placeholderSuffix(),
                  now.placeholderSeparator(),
                  now.placeholderReplacement(),
                  now.environment(),
                  now.workingDirectory(),
                  value.equals("none") ? List.of() : names(value));
          default -> throw new IllegalArgumentException(setting[0]);
        };
    both(target -> target.project(changed));
  }

  private static List<String> names(String words) {
    return List.of(words.split(", ", -1));
  }

  private static Selection selection(String words) {
    if (words.startsWith("up to ")) {
      return new Selection.UpTo(words.substring("up to ".length()));
    }
    return words.isEmpty() ? new Selection.All() : new Selection.Named(words);
  }

  private void expect(String how, String text) {
    Outcome ended = Objects.requireNonNull(outcome, "no run before");
    assertThat(ended.how()).as(ended.message()).isEqualTo(how);
    assertThat(ended.message()).contains(text);
    outcome = null;
  }

  private void expectSuccess() {
    Outcome ended = outcome;
    outcome = null;
    if (ended != null) {
      assertThat(ended.how()).as(ended.message()).isEqualTo("applied");
    }
  }

  private void same(String query, String expected) throws Exception {
    expectSuccess();
    assertThat(value(ours, query)).as(query).isEqualTo(expected);
  }

  private static String value(TestTarget target, String query) throws Exception {
    String history = target.target().defaultSchema() + ".flyway_schema_history";
    String value = target.value(query.replace("flyway_schema_history", history));
    return value == null ? "" : value;
  }

  private void sql(String sql) throws Exception {
    ours.execute(sql);
    theirs.execute(sql);
  }

  private void locations(String names) {
    List<Path> locations = Stream.of(names.split(", ", -1)).map(directory::resolve).toList();
    both(target -> target.catalog(locations));
  }

  private interface Change {
    TestTarget of(TestTarget target);
  }

  private void both(Change change) {
    change.of(ours);
    change.of(theirs);
  }

  /**
   * How a run ended.
   *
   * @param how {@code applied}, {@code refused} or {@code failed}
   * @param message why; empty if it was applied
   */
  record Outcome(String how, String message) {}
}
