package io.whimbrel.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.whimbrel.local.RunningStack;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * What {@code deploy/local/demo} runs: three runs on the target {@code demo}, which is made empty
 * first, and their report.
 */
final class Demo {

  /** Whether lines may be written over; set by the script. */
  private static final String TERMINAL = "whimbrel.terminal";

  private static final Scene ROWS = Scene.of("101", "A table of 1,000,000 rows", "COMPLETED");

  private static final List<Scene> SCENES =
      List.of(
          Scene.upTo("8", "The migrations of Conductor", "COMPLETED"),
          Scene.of("102", "A backfill in batches", "COMPLETED"),
          Scene.of("103", "A change that leaves orphans", "ROLLED_BACK"));

  private final PrintStream out;
  private final boolean terminal;
  private final Gateway gateway;

  private Demo(PrintStream out, boolean terminal, Gateway gateway) {
    this.out = out;
    this.terminal = terminal;
    this.gateway = gateway;
  }

  public static void main(String[] arguments) {
    try {
      RunningStack stack = RunningStack.find();
      emptyTarget(stack);
      Gateway gateway = new Gateway(stack.get("GATEWAY_URL"), stack.token("admin"));
      System.exit(new Demo(System.out, Boolean.getBoolean(TERMINAL), gateway).play() ? 0 : 1);
    } catch (IOException | SQLException | IllegalStateException e) {
      System.err.println("deploy/local/demo: " + e.getMessage());
      System.exit(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      System.exit(130);
    }
  }

  /** Whether every run ended as it should. */
  private boolean play() throws IOException, InterruptedException {
    Report report = new Report();
    for (Scene scene : SCENES) {
      if (scene.equals(SCENES.get(1)) && !play(ROWS).path("state").asText().equals(ROWS.end())) {
        out.println("The table for the backfill could not be made.");
        return false;
      }
      report.add(scene, play(scene));
    }
    out.println();
    out.print(report);
    out.println();
    out.println(
        report.allAsExpected()
            ? "Every run ended as it should."
            : "Not every run ended as it should.");
    return report.allAsExpected();
  }

  private JsonNode play(Scene scene) throws IOException, InterruptedException {
    out.println();
    out.println(scene.title() + " (is to end " + scene.end() + ")");
    String id = gateway.execute(scene.command());
    JsonNode run = new Watch(gateway, new ProgressLine(out, terminal)).untilEnd(id);
    JsonNode error = run.path("error");
    if (error.hasNonNull("message") && !run.path("state").asText().equals(scene.end())) {
      out.println("  " + error.path("message").asText());
    }
    return run;
  }

  /** The demo begins the same, however often it is shown. */
  private static void emptyTarget(RunningStack stack) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                stack.get("POSTGRES_URL"),
                stack.get("POSTGRES_USER"),
                stack.get("POSTGRES_PASSWORD"));
        Statement statement = connection.createStatement()) {
      statement.execute("DROP DATABASE IF EXISTS demo WITH (FORCE)");
      statement.execute("CREATE DATABASE demo OWNER migrator");
    }
  }
}
