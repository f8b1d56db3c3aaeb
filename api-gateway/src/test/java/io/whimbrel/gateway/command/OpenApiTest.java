package io.whimbrel.gateway.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.whimbrel.event.MigrationProgress;
import io.whimbrel.event.RunStateName;
import io.whimbrel.gateway.body.StrictJson;
import io.whimbrel.gateway.support.ApiDocument;
import io.whimbrel.gateway.support.Callers;
import io.whimbrel.gateway.support.Endpoint;
import io.whimbrel.local.test.ApiContract;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the OpenAPI document, the resources, the records and the security tests together. */
class OpenApiTest {
  private static final JsonNode DOCUMENT = ApiDocument.ROOT;

  @Test
  void whatIsDocumentedIsWhatIsServed() {
    assertThat(ApiDocument.operations()).containsExactlyInAnyOrderElementsOf(served());
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

  /** Every JSON answer has an example, and examples are what their schemas say. */
  @Test
  void everyAnswerHasAnExampleThatFits() {
    ApiContract contract = new ApiContract(DOCUMENT);
    List<String> answered = new ArrayList<>();
    for (JsonNode content : DOCUMENT.path("paths").findValues("content")) {
      JsonNode schema = content.path("application/json").path("schema");
      if (!schema.isMissingNode() && schema.path("$ref").isTextual()) {
        answered.add(schema.path("$ref").asText().substring(1));
      }
    }
    answered.removeIf(
        schema -> schema.matches(".*/(Migrate|Rollback)Command|.*/SpecificValidation"));
    assertThat(answered)
        .hasSizeGreaterThan(20)
        .allSatisfy(
            schema -> {
              JsonNode example = DOCUMENT.at(schema).path("example");
              assertThat(example.isMissingNode()).as("%s without example", schema).isFalse();
              assertThat(contract.schemaFaults(schema, example.toString())).as(schema).isEmpty();
            });
    DOCUMENT
        .path("components")
        .path("responses")
        .forEach(
            response -> {
              JsonNode problem = response.path("content").path("application/problem+json");
              assertThat(
                      contract.schemaFaults(
                          "/components/schemas/Problem", problem.path("example").toString()))
                  .isEmpty();
              assertThat(problem.path("example").isMissingNode()).isFalse();
            });
  }

  @Test
  void everyOperationNamesTheRoleThatIsTested() {
    for (Endpoint endpoint : Endpoint.all()) {
      JsonNode security =
          DOCUMENT
              .path("paths")
              .path(Callers.API + endpoint.path())
              .path(endpoint.method().toLowerCase(Locale.ROOT))
              .path("security");
      if (endpoint.open()) {
        assertThat(security.get(0)).as("%s", endpoint).isEmpty();
      } else {
        assertThat(security.at("/0/bearer/0").asText())
            .as("%s", endpoint)
            .isEqualTo(endpoint.role());
      }
    }
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    assertThat(DOCUMENT.findValuesAsText("$ref"))
        .isNotEmpty()
        .allSatisfy(
            reference -> assertThat(DOCUMENT.at(reference.substring(1)).isMissingNode()).isFalse());
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
}
