package io.whimbrel.local.test;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Holds answers of the API against its OpenAPI document (3.1, so its schemas are JSON Schemas). */
public final class ApiContract {
  private static final String LOCATION = "https://whimbrel.example/openapi.json";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final JsonNode document;
  private final SchemaRegistry schemas;

  /**
   * @param document the document as JSON
   */
  public ApiContract(JsonNode document) {
    this.document = document;
    this.schemas =
        SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            registry -> registry.schemas(Map.of(LOCATION, document.toString())));
  }

  /**
   * What the document does not allow about an answer; empty if it is as documented.
   *
   * @param path as called, or with the variables of the document
   * @param contentType empty if there is no body
   */
  public List<String> faults(
      String method, String path, int status, String contentType, String body) {
    Optional<String> template = template(path);
    if (template.isEmpty()) {
      return List.of(path + " is not documented");
    }
    String operation = "/paths/" + escaped(template.get()) + "/" + method.toLowerCase(Locale.ROOT);
    String responses = operation + "/responses/" + status;
    if (document.at(responses).isMissingNode()) {
      return List.of("%s %s does not answer %d".formatted(method, template.get(), status));
    }
    if (body.isEmpty()) {
      return List.of();
    }
    String response = target(responses);
    String type = contentType.replaceAll("\\s*;.*", "");
    String media = response + "/content/" + escaped(type);
    if (document.at(media).isMissingNode()) {
      return List.of(
          "%s %s does not answer %d as %s".formatted(method, template.get(), status, type));
    }
    return type.endsWith("json") ? schemaFaults(target(media + "/schema"), body) : List.of();
  }

  /** What a schema of the document has against some JSON; the pointer leads to the schema. */
  public List<String> schemaFaults(String pointer, String json) {
    try {
      return schemas
          .getSchema(SchemaLocation.of(LOCATION + "#" + pointer))
          .validate(
              JSON.readTree(json), ctx -> ctx.executionConfig(c -> c.formatAssertionsEnabled(true)))
          .stream()
          .map(Object::toString)
          .toList();
    } catch (JsonProcessingException e) {
      return List.of("no JSON: " + e.getOriginalMessage());
    }
  }

  private Optional<String> template(String path) {
    String called = path.replaceAll("\\?.*", "");
    List<String> fitting =
        document.path("paths").properties().stream()
            .map(Map.Entry::getKey)
            .filter(known -> known.equals(called) || fits(known, called))
            .toList();
    // One without variables goes before one that has a variable in its place.
    return fitting.stream()
        .filter(called::equals)
        .findFirst()
        .or(() -> fitting.stream().findFirst());
  }

  private static boolean fits(String template, String path) {
    return path.matches(template.replaceAll("\\{[^}]+}", "[^/]+"));
  }

  private String target(String pointer) {
    JsonNode reference = document.at(pointer).path("$ref");
    return reference.isTextual() ? reference.textValue().substring(1) : pointer;
  }

  private static String escaped(String part) {
    return part.replace("~", "~0").replace("/", "~1");
  }
}
