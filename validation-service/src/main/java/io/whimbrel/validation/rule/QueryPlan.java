package io.whimbrel.validation.rule;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;

/**
 * How the planner would answer a statement: names of nodes, tables and indexes, no condition.
 *
 * @param cost as the planner expects it
 */
record QueryPlan(double cost, String nodes) {
  private static final JsonMapper JSON = new JsonMapper();

  /** From the answer of EXPLAIN (FORMAT JSON). */
  static QueryPlan parse(String explained) {
    try {
      JsonNode top = JSON.readTree(explained).path(0).path("Plan");
      List<String> nodes = new ArrayList<>();
      walk(top, nodes);
      return new QueryPlan(top.path("Total Cost").asDouble(), String.join(", ", nodes));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("EXPLAIN answered what is not JSON", e);
    }
  }

  private static void walk(JsonNode node, List<String> nodes) {
    String relation = node.path("Relation Name").asText();
    String index = node.path("Index Name").asText();
    nodes.add(
        node.path("Node Type").asText()
            + (relation.isEmpty() ? "" : " on " + relation)
            + (index.isEmpty() ? "" : " using " + index));
    node.path("Plans").forEach(child -> walk(child, nodes));
  }
}
