package io.whimbrel.gateway.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.RunStateName;
import io.whimbrel.gateway.support.Callers;
import io.whimbrel.gateway.support.Endpoint;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the OpenAPI document, the resources, the records and the security tests together. */
class OpenApiTest {
  private static final JsonNode DOCUMENT = read();

  @Test
  void whatIsDocumentedIsWhatIsServed() {
    assertThat(documented()).containsExactlyInAnyOrderElementsOf(served());
  }

  @Test
  void securityIsTestedForWhatIsServed() {
    assertThat(
            Endpoint.ALL.stream()
                .map(endpoint -> endpoint.method() + " " + Callers.API + endpoint.template()))
        .containsExactlyInAnyOrderElementsOf(served());
  }

  @Test
  void schemasHaveTheComponentsOfTheRecords() {
    assertThat(properties("MigrateCommand")).isEqualTo(components(MigrateCommand.class));
    assertThat(properties("RollbackCommand")).isEqualTo(components(RollbackCommand.class));
    assertThat(properties("Accepted")).isEqualTo(components(Accepted.class));
    assertThat(properties("MigrationProgress")).isEqualTo(components(MigrationProgress.class));
  }

  @Test
  void statesAreThoseOfTheContract() {
    assertThat(schema("RunState").path("enum"))
        .extracting(JsonNode::asText)
        .containsExactlyElementsOf(Stream.of(RunStateName.values()).map(Enum::name).toList());
  }

  @Test
  void examplesOfCommandsAreCommands() {
    assertThat(examples("/execute")).isNotEmpty();
    Stream.concat(examples("/execute").stream(), examples("/validate").stream())
        .forEach(json -> StrictJson.read(json, MigrateCommand.class));
    assertThat(examples("/rollback")).isNotEmpty();
    examples("/rollback").forEach(json -> StrictJson.read(json, RollbackCommand.class));
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    assertThat(DOCUMENT.findValuesAsText("$ref"))
        .isNotEmpty()
        .allSatisfy(
            reference -> assertThat(DOCUMENT.at(reference.substring(1)).isMissingNode()).isFalse());
  }

  private static List<String> documented() {
    return DOCUMENT.path("paths").properties().stream()
        .flatMap(
            path ->
                path.getValue().properties().stream()
                    .map(method -> method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey()))
        .toList();
  }

  private static List<String> served() {
    JavaClasses gateway =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.whimbrel.gateway");
    return gateway.stream()
        .filter(type -> type.isAnnotatedWith(Path.class))
        .flatMap(
            type ->
                type.getMethods().stream()
                    .filter(method -> method.isAnnotatedWith(Path.class))
                    .map(
                        method ->
                            verb(method)
                                + " "
                                + type.getAnnotationOfType(Path.class).value()
                                + method.getAnnotationOfType(Path.class).value()))
        .toList();
  }

  private static String verb(JavaMethod method) {
    if (method.isAnnotatedWith(GET.class)) {
      return "GET";
    }
    if (method.isAnnotatedWith(PUT.class)) {
      return "PUT";
    }
    if (method.isAnnotatedWith(DELETE.class)) {
      return "DELETE";
    }
    return method.isAnnotatedWith(POST.class) ? "POST" : "?";
  }

  private static List<String> examples(String path) {
    return DOCUMENT
        .path("paths")
        .path(Callers.API + path)
        .path("post")
        .path("requestBody")
        .findPath("examples")
        .findValues("value")
        .stream()
        .map(JsonNode::toString)
        .toList();
  }

  private static JsonNode schema(String name) {
    return DOCUMENT.path("components").path("schemas").path(name);
  }

  private static List<String> properties(String schema) {
    return schema(schema).path("properties").properties().stream()
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  private static List<String> components(Class<? extends Record> type) {
    return Stream.of(type.getRecordComponents()).map(RecordComponent::getName).sorted().toList();
  }

  private static JsonNode read() {
    try (InputStream yaml =
        Objects.requireNonNull(OpenApiTest.class.getResourceAsStream("/META-INF/openapi.yaml"))) {
      return new ObjectMapper(new YAMLFactory()).readTree(yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
