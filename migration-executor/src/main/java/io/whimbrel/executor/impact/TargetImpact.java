package io.whimbrel.executor.impact;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.whimbrel.event.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What pending migrations meet on a target.
 *
 * @param readAt by the target's clock
 * @param tables those that exist and that the migrations touch
 * @param statements the changes of rows, as PostgreSQL would carry them out
 * @param probes whether the rows that are there keep the constraints that are about to be added
 */
public record TargetImpact(
    Instant readAt,
    ServerImpact server,
    List<TableImpact> tables,
    List<StatementImpact> statements,
    List<ProbeResult> probes) {

  public TargetImpact {
    tables = List.copyOf(tables);
    statements = List.copyOf(statements);
    probes = List.copyOf(probes);
  }

  @JsonIgnore
  public Optional<TableImpact> table(TableName name) {
    return tables.stream().filter(table -> table.table().equals(name)).findFirst();
  }

  @JsonIgnore
  public Optional<StatementImpact> statement(String script, int number) {
    return statements.stream()
        .filter(each -> each.script().equals(script) && each.number() == number)
        .findFirst();
  }
}
