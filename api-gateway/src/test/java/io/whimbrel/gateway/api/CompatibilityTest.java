package io.whimbrel.gateway.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.whimbrel.gateway.support.ApiDocument;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.openapitools.openapidiff.core.OpenApiCompare;

/**
 * The API keeps what its callers rely on. {@code docs/api/openapi.yaml} is the document of the last
 * release: a release copies the present one there, and nothing else changes it. Paths, parameters
 * and what is required are compared; the types within schemas of 3.1 the library does not see.
 */
class CompatibilityTest {
  private static final Path RELEASED = Path.of("../docs/api/openapi.yaml");

  @Test
  void nothingThatWasReleasedIsBroken() throws IOException {
    assertThat(compatible(document -> {})).isTrue();
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

  private static boolean compatible(Consumer<ObjectNode> change) throws IOException {
    ObjectNode present = ApiDocument.ROOT.deepCopy();
    change.accept(present);
    return OpenApiCompare.fromContents(Files.readString(RELEASED), present.toString())
        .isCompatible();
  }
}
