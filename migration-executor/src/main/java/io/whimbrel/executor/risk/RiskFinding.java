package io.whimbrel.executor.risk;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.TableName;
import org.jspecify.annotations.Nullable;

/**
 * A danger of a plan.
 *
 * @param rule the id of the rule that found it
 * @param migration the script, as in the schema history
 * @param line in the script, from 1
 * @param statement its place in the script, from 1
 * @param relation what it is about, by its name at that moment; null if it is about none
 * @param reason in words: what is done to which table, how large it is, under which lock
 * @param remedy what to do instead
 * @param safer a script that comes to the same; null if none is known. Its parts between blank
 *     lines are migrations of their own
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RiskFinding(
    String rule,
    RiskLevel level,
    String migration,
    int line,
    int statement,
    @Nullable TableName relation,
    String reason,
    String remedy,
    @Nullable String safer) {}
