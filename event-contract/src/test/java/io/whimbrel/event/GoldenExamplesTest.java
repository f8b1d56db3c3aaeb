package io.whimbrel.event;

import static io.whimbrel.event.Contract.JSON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What was once written can be read for ever: an example is never deleted or changed, and stays
 * readable and valid.
 */
class GoldenExamplesTest {
  static Stream<Arguments> examples() {
    return Stream.of(EventType.values())
        .flatMap(type -> Contract.examples(type).stream().map(file -> Arguments.of(type, file)));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void exampleFitsItsSchema(EventType type, Path file) {
    assertThat(Contract.faults(type, Contract.json(file))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void whatIsReadFromAnExampleIsWrittenAgainAndFitsTheSchema(EventType type, Path file)
      throws IOException {
    JsonNode example = Contract.json(file);
    Event event = JSON.treeToValue(example, type.payload());
    JsonNode written = JSON.readTree(JSON.writeValueAsString(event));

    assertThat(Contract.faults(type, written)).isEmpty();
    assertThat(JSON.treeToValue(written, type.payload())).isEqualTo(event);
    assertThat(withDefaults(example)).isEqualTo(written);
  }

  @ParameterizedTest
  @MethodSource("examples")
  void fieldsOfALaterVersionAreIgnored(EventType type, Path file) throws IOException {
    JsonNode example = Contract.json(file);
    ObjectNode later = example.deepCopy();
    addUnknownField(later);

    assertThat(Contract.faults(type, later)).isEmpty();
    assertThat(JSON.treeToValue(later, type.payload()))
        .isEqualTo(JSON.treeToValue(example, type.payload()));
  }

  @ParameterizedTest
  @EnumSource(EventType.class)
  void theExamplesOfATypeShowEveryFieldAndTheLeast(EventType type) {
    Set<String> shown = new TreeSet<>();
    Set<String> least = null;
    for (Path file : Contract.examples(type)) {
      Set<String> fields = new TreeSet<>();
      Contract.json(file).fieldNames().forEachRemaining(fields::add);
      shown.addAll(fields);
      if (least == null || fields.size() < least.size()) {
        least = fields;
      }
    }
    Set<String> known = new TreeSet<>();
    Contract.schemaDocument(type).get("properties").fieldNames().forEachRemaining(known::add);
    Set<String> required = new TreeSet<>();
    Contract.schemaDocument(type).get("required").forEach(name -> required.add(name.asText()));

    assertThat(shown).isEqualTo(known);
    assertThat(least).isEqualTo(required);
  }

  @Test
  void everyFileIsAnExampleOfSomeType() throws IOException {
    try (Stream<Path> files = Files.list(Contract.GOLDEN)) {
      assertThat(files)
          .containsExactlyInAnyOrderElementsOf(
              Stream.of(EventType.values()).flatMap(t -> Contract.examples(t).stream()).toList());
    }
  }

  /** Options that a request leaves out are written with their defaults. */
  private static JsonNode withDefaults(JsonNode example) {
    ObjectNode whole = example.deepCopy();
    if (whole.get("options") instanceof ObjectNode options) {
      ObjectNode defaults = JSON.valueToTree(RunOptions.DEFAULTS);
      defaults.setAll(options);
      whole.set("options", defaults);
    }
    return whole;
  }

  /** Adds a field to every object but {@code counts}, whose names are severities, not fields. */
  private static void addUnknownField(JsonNode node) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (!field.getKey().equals("counts")) {
        addUnknownField(field.getValue());
      }
    }
    if (node instanceof ArrayNode items) {
      items.forEach(GoldenExamplesTest::addUnknownField);
    } else if (node instanceof ObjectNode object) {
      object.putObject("addedLater").put("by", "a newer publisher");
    }
  }
}
