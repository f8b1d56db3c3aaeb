package io.whimbrel.gateway.body;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.whimbrel.gateway.problem.Problems;
import java.util.Set;
import java.util.TreeSet;

/** An object whose values are the business of the service that it is passed on to. */
public record JsonObject(ObjectNode json) implements Body {

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public JsonObject {}

  /** What a request without a body brings. */
  static JsonObject empty() {
    return new JsonObject(JsonNodeFactory.instance.objectNode());
  }

  /** The object as it is passed on; a field that is none of these is a 400. */
  public String of(Set<String> fields) {
    json.fieldNames()
        .forEachRemaining(
            name -> {
              if (!fields.contains(name)) {
                throw Problems.badRequest(
                    "The body has a field that is not one of " + new TreeSet<>(fields) + ".");
              }
            });
    return json.toString();
  }
}
