package io.whimbrel.executor.plan.document;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.executor.catalog.Catalogue;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.forecast.Forecast.ScriptForecast;
import io.whimbrel.executor.rehearsal.facts.StatementFacts;
import io.whimbrel.executor.reversal.WayBack;
import io.whimbrel.executor.risk.RiskFinding;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A migration of a plan and everything that is known of it.
 *
 * @param script its file, as in the schema history
 * @param version null if it is repeatable
 * @param transactional whether all of it runs in one transaction
 * @param batched whether it is a data migration in batches
 * @param statementCount how many statements it has
 * @param dependsOn as its header says
 * @param undoScript that the catalogue ships; null if it ships none
 * @param statements what they did in the rehearsal, as far as it came
 * @param risks with reasons, remedies and safer scripts
 * @param forecast null if there is none
 * @param wayBack null if it was not looked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PlannedScript(
    String script,
    @Nullable String version,
    String description,
    String kind,
    int checksum,
    boolean transactional,
    boolean batched,
    int statementCount,
    List<String> dependsOn,
    @Nullable String undoScript,
    List<StatementFacts> statements,
    List<RiskFinding> risks,
    @Nullable ScriptForecast forecast,
    @Nullable WayBack wayBack) {

  public PlannedScript {
    dependsOn = List.copyOf(dependsOn);
    statements = List.copyOf(statements);
    risks = List.copyOf(risks);
  }

  /** As the catalogue has it, with nothing found out yet. */
  public static PlannedScript of(Script script, Catalogue catalogue) {
    Migration migration = script.migration();
    return new PlannedScript(
        migration.script(),
        migration.version() == null ? null : migration.version().toString(),
        migration.description(),
        migration.kind().name(),
        script.checksum(),
        script.transactional(),
        script.headers().batch().isPresent(),
        script.count(),
        script.headers().dependsOn(),
        migration.version() == null
            ? null
            : catalogue.undoOf(migration.version()).map(Migration::script).orElse(null),
        List.of(),
        List.of(),
        null,
        null);
  }

  /** The same, with what was found out. */
  public PlannedScript with(
      List<StatementFacts> facts,
      List<RiskFinding> found,
      @Nullable ScriptForecast duration,
      @Nullable WayBack back) {
    return new PlannedScript(
        script,
        version,
        description,
        kind,
        checksum,
        transactional,
        batched,
        statementCount,
        dependsOn,
        undoScript,
        facts,
        found,
        duration,
        back);
  }
}
