package io.whimbrel.gateway.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** The OpenAPI document of the gateway. */
public final class ApiDocument {
  public static final JsonNode ROOT = read();

  private ApiDocument() {}

  /** What is documented, as {@code GET /api/v1/migrations/runs/{id}}. */
  public static List<String> operations() {
    return ROOT.path("paths").properties().stream()
        .flatMap(
            path ->
                path.getValue().properties().stream()
                    .map(method -> method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey()))
        .toList();
  }

  private static JsonNode read() {
    try (InputStream yaml =
        Objects.requireNonNull(ApiDocument.class.getResourceAsStream("/META-INF/openapi.yaml"))) {
      return new ObjectMapper(new YAMLFactory()).readTree(yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
