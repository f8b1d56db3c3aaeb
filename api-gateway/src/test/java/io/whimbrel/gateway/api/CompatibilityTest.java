package io.whimbrel.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.whimbrel.gateway.support.ApiDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.openapitools.openapidiff.core.OpenApiCompare;

/**
 * The API keeps what its callers rely on. {@code docs/api/openapi.yaml} is the document of the last
 * release: a release copies the present one there. A library compares paths, parameters and what is
 * required; the types within schemas of 3.1, which it does not see, are compared here.
 */
class CompatibilityTest {
  private static final Path RELEASED = Path.of("../docs/api/openapi.yaml");

  @Test
  void nothingThatWasReleasedIsBroken() throws IOException {
    assertThat(compatible(document -> {})).isTrue();
    assertThat(changedTypes(document -> {})).isEmpty();
  }

  @Test
  void aTypeThatChangesIsSeen() throws IOException {
    assertThat(
            changedTypes(document -> status(document).withObject("/pending").put("type", "string")))
        .containsExactly("Status/properties/pending/type: integer became string");
    assertThat(changedTypes(document -> status(document).remove("pending")))
        .containsExactly("Status/properties/pending: gone");
    assertThat(
            changedTypes(
                document ->
                    status(document)
                        .withObject("/summary/properties/byState/additionalProperties")
                        .put("type", "number")))
        .containsExactly(
            "Status/properties/summary/properties/byState/additionalProperties/type: integer became"
                + " number");
  }

  private static ObjectNode status(ObjectNode document) {
    return document.withObject("/components/schemas/Status/properties");
  }

  @Test
  void whatCallersRelyOnIsSeenWhenItGoes() throws IOException {
    assertThat(compatible(document -> document.withObject("/paths").remove(STATUS))).isFalse();
    assertThat(compatible(document -> runs(document).withArray("/parameters").removeAll()))
        .isFalse();
    assertThat(
            compatible(
                document ->
                    runs(document)
                        .withArray("/parameters")
                        .addObject()
                        .put("name", "must")
                        .put("in", "query")
                        .put("required", true)
                        .putObject("schema")
                        .put("type", "string")))
        .isFalse();
  }

  private static final String STATUS = "/api/v1/migrations/status";

  private static ObjectNode runs(ObjectNode document) {
    return (ObjectNode) document.path("paths").path("/api/v1/migrations/runs").path("get");
  }

  private static List<String> changedTypes(Consumer<ObjectNode> change) throws IOException {
    ObjectNode present = ApiDocument.ROOT.deepCopy();
    change.accept(present);
    JsonNode released = new YAMLMapper().readTree(Files.readString(RELEASED));
    List<String> found = new ArrayList<>();
    schemas(released)
        .properties()
        .forEach(
            schema ->
                compare(
                    schema.getKey(),
                    schema.getValue(),
                    schemas(present).path(schema.getKey()),
                    found));
    return found;
  }

  private static JsonNode schemas(JsonNode document) {
    return document.path("components").path("schemas");
  }

  /** What a schema says of types, and the properties that it has, is there still. */
  private static void compare(String at, JsonNode released, JsonNode present, List<String> found) {
    if (present.isMissingNode()) {
      found.add(at + ": gone");
      return;
    }
    for (String word : List.of("type", "format", "$ref")) {
      JsonNode was = released.path(word);
      if (!was.isMissingNode() && !was.equals(present.path(word))) {
        found.add(at + "/" + word + ": " + text(was) + " became " + text(present.path(word)));
      }
    }
    for (JsonNode value : released.path("enum")) {
      if (!present.path("enum").isMissingNode() && !contains(present.path("enum"), value)) {
        found.add(at + "/enum: " + value.asText() + " is gone");
      }
    }
    for (String part : List.of("items", "additionalProperties")) {
      if (released.path(part).isObject()) {
        compare(at + "/" + part, released.path(part), present.path(part), found);
      }
    }
    released
        .path("properties")
        .properties()
        .forEach(
            property ->
                compare(
                    at + "/properties/" + property.getKey(),
                    property.getValue(),
                    present.path("properties").path(property.getKey()),
                    found));
  }

  private static String text(JsonNode value) {
    return value.isValueNode() ? value.asText() : value.toString();
  }

  private static boolean contains(JsonNode values, JsonNode value) {
    for (JsonNode one : values) {
      if (one.equals(value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean compatible(Consumer<ObjectNode> change) throws IOException {
    ObjectNode present = ApiDocument.ROOT.deepCopy();
    change.accept(present);
    return OpenApiCompare.fromContents(Files.readString(RELEASED), present.toString())
        .isCompatible();
  }
}
