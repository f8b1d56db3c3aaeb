package io.whimbrel.executor.rehearsal.facts;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What the statements of a script did in the rehearsal.
 *
 * @param script its file, as in the schema history
 * @param transactional whether all of it runs in one transaction
 * @param batched whether its statement runs in batches, each in a transaction of its own
 * @param statements in their order; up to the one that failed, if one did
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ScriptFacts(
    String script, boolean transactional, boolean batched, List<StatementFacts> statements) {
  public ScriptFacts {
    statements = statements == null ? List.of() : List.copyOf(statements);
  }
}
