package io.whimbrel.gateway.upstream;

import io.whimbrel.gateway.problem.Problems;
import jakarta.ws.rs.core.UriInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The query parameters that an endpoint knows; any other one, or one given twice, is a 400. */
public final class Query {
  private static final int MAX_LENGTH = 512;

  private Query() {}

  public static Map<String, String> of(UriInfo uri, String... known) {
    Map<String, String> parameters = new LinkedHashMap<>();
    uri.getQueryParameters()
        .forEach((name, values) -> add(parameters, name, values, Set.of(known)));
    return parameters;
  }

  private static void add(
      Map<String, String> parameters, String name, List<String> values, Set<String> known) {
    if (!known.contains(name)) {
      throw Problems.badRequest(
          "The query has a parameter that is not one of " + new TreeSet<>(known) + ".");
    }
    if (values.size() != 1
        || values.get(0).length() > MAX_LENGTH
        || values.get(0).chars().anyMatch(Character::isISOControl)) {
      throw Problems.badRequest(
          name, name + " must be given once, in at most " + MAX_LENGTH + " characters.");
    }
    parameters.put(name, values.get(0));
  }
}
