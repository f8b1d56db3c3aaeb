package io.whimbrel.executor.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.whimbrel.executor.catalog.Migration.Kind;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scripts that stay in their files, as they are too large to be held. */
class LargeScriptTest {

  private static final int INSERTS = 1_000_000;
  private static final int COPIED = 500_000;
  private static final String ROW = "a row of some sixty characters, so that they come to a lot";

  @TempDir Path directory;

  @Test
  void aScriptOfFourTimesTheHeapIsReadStatementByStatement() throws Exception {
    Path file = directory.resolve("V1__large.sql");
    try (BufferedWriter script = Files.newBufferedWriter(file)) {
      for (int i = 0; i < INSERTS; i++) {
        script.write("insert into notes (id, text) values (" + i + ", '" + ROW + "; and more');\n");
      }
      script.write("copy notes (text) from stdin;\n");
      for (int i = 0; i < COPIED; i++) {
        script.write(ROW + "\n");
      }
      script.write("\\.\nselect 1;\n");
    }

    // The same proportion as 1 GB in a heap of 256 MB, and no less, in seconds.
    ProcessBuilder child =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx32m",
            "-cp",
            System.getProperty("java.class.path"),
            LargeScriptTest.class.getName(),
            file.toString());
    Process reading = child.redirectErrorStream(true).start();
    String said;
    try (InputStream output = reading.getInputStream()) {
      said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
    }

    assertThat(Files.size(file)).isGreaterThan(4L * (32 << 20));
    assertThat(said.strip()).isEqualTo((INSERTS + 2) + " statements, transactional");
    assertThat(reading.waitFor()).isZero();
  }

  /** The child: reads the script as a run does. */
  public static void main(String[] args) throws IOException {
    Script script = script(Path.of(args[0]));
    int statements = 0;
    try (StatementReader reader = script.statements()) {
      while (reader.hasNext()) {
        statements = reader.next().number();
      }
    }
    System.out.println(
        statements + " statements, " + (script.transactional() ? "transactional" : "stepwise"));
  }

  @Test
  void aFileThatChangesAfterItWasLookedAtIsRefusedAtItsEnd() throws IOException {
    Path file = directory.resolve("V1__large.sql");
    Files.writeString(file, "select 1;\n".repeat(10_000));
    Script script = script(file);
    Files.writeString(file, "select 2;\n".repeat(10_000));

    try (StatementReader statements = script.statements()) {
      assertThatThrownBy(() -> statements.forEachRemaining(statement -> {}))
          .isInstanceOf(Refusal.class)
          .hasMessage("V1__large.sql: has changed while it was in use; request the run again");
    }
  }

  @Test
  void aBackslashEscapesWhereTheScriptSaysSo() {
    String text =
        "set standard_conforming_strings = off; select 'a\\';b';"
            + " set standard_conforming_strings to on; select 'a\\';";

    assertThat(Statements.of("x", text))
        .extracting(Statement::sql)
        .containsExactly(
            "set standard_conforming_strings = off",
            "select 'a\\';b'",
            "set standard_conforming_strings to on",
            "select 'a\\'");
  }

  private static Script script(Path file) {
    ScriptText text = ScriptText.in(file, StandardCharsets.UTF_8);
    Migration migration =
        new Migration(
            Kind.VERSIONED,
            Version.of("1"),
            "large",
            "V1__large.sql",
            file.resolveSibling("."),
            text.checksum(),
            ScriptConfig.DEFAULT,
            text);
    return Script.of(
        migration, new Placeholders(Map.of(), "public", "migrator", "db", "2026-01-01 00:00:00"));
  }
}
