package io.whimbrel.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds the records and the schemas together: same fields, same types, same constants. */
class SchemaTest {
  @ParameterizedTest
  @EnumSource(EventType.class)
  void schemaAndRecordSayTheSame(EventType type) {
    JsonNode schema = Contract.schemaDocument(type);
    compareRecord(type.payload(), schema, schema, type.name());
  }

  @ParameterizedTest
  @EnumSource(EventType.class)
  void schemaIsOfTheDraftAndHasANameOfItsOwn(EventType type) {
    JsonNode schema = Contract.schemaDocument(type);

    assertThat(schema.get("$schema").asText())
        .isEqualTo("https://json-schema.org/draft/2020-12/schema");
    assertThat(schema.get("$id").asText())
        .isEqualTo("urn:whimbrel:event:" + type.schema().replace(".v1.schema.json", ":v1"));
    assertThat(schema.get("title").asText()).isEqualTo(type.topic() + ", version 1");
  }

  @ParameterizedTest
  @EnumSource(EventType.class)
  void schemaRefersToNothingOutsideItself(EventType type) {
    assertThat(Contract.schemaDocument(type).findValuesAsText("$ref"))
        .isNotEmpty()
        .allMatch(ref -> ref.startsWith("#/$defs/"));
  }

  @Test
  void optionsDefaultsAreThoseOfTheSchema() {
    JsonNode options =
        Contract.schemaDocument(EventType.MIGRATION_REQUESTED).at("/$defs/options/properties");
    JsonNode defaults = Contract.JSON.valueToTree(RunOptions.DEFAULTS);

    assertThat(defaults.properties())
        .allSatisfy(
            option ->
                assertThat(options.get(option.getKey()).get("default"))
                    .isEqualTo(option.getValue()));
  }

  @Test
  void awaitingValidationIsTheStepTheSchemaKnows() {
    assertThat(
            Contract.schemaDocument(EventType.MIGRATION_PROGRESS)
                .at("/if/properties/step/const")
                .asText())
        .isEqualTo(MigrationProgress.AWAITING_VALIDATION);
  }

  private static void compareRecord(Class<?> record, JsonNode schema, JsonNode root, String at) {
    RecordComponent[] components = record.getRecordComponents();
    assertThat(schema.get("type").asText()).as(at).isEqualTo("object");
    assertThat(names(schema.get("properties").fieldNames()::forEachRemaining))
        .as("fields of %s", at)
        .isEqualTo(sorted(Arrays.stream(components).map(RecordComponent::getName)));
    assertThat(required(schema))
        .as("required fields of %s", at)
        .isEqualTo(
            record == RunOptions.class
                ? Set.of()
                : sorted(
                    Arrays.stream(components)
                        .filter(c -> !c.getAnnotatedType().isAnnotationPresent(Nullable.class))
                        .map(RecordComponent::getName)));
    for (RecordComponent component : components) {
      compare(
          component.getAnnotatedType(),
          schema.get("properties").get(component.getName()),
          root,
          at + "." + component.getName());
    }
  }

  private static void compare(AnnotatedType type, JsonNode schema, JsonNode root, String at) {
    Class<?> raw = raw(type);
    JsonNode target = resolve(schema, root);
    if (raw.isEnum()) {
      assertThat(target.get("enum"))
          .as(at)
          .isEqualTo(Contract.JSON.valueToTree(raw.getEnumConstants()));
    } else if (raw.isRecord()) {
      compareRecord(raw, target, root, at);
    } else if (raw == List.class) {
      assertThat(target.get("type").asText()).as(at).isEqualTo("array");
      compare(argument(type, 0), target.get("items"), root, at + "[]");
    } else if (raw == Map.class) {
      assertThat(target.get("type").asText()).as(at).isEqualTo("object");
      compare(argument(type, 0), target.get("propertyNames"), root, at + " names");
      compare(argument(type, 1), target.get("additionalProperties"), root, at + " values");
    } else {
      assertThat(target.get("type").asText()).as(at).isEqualTo(scalar(raw));
      assertThat(target.path("format").asText("")).as(at).isEqualTo(format(raw));
    }
  }

  /** Follows references; what stands beside one narrows it and has no type of its own. */
  private static JsonNode resolve(JsonNode schema, JsonNode root) {
    JsonNode at = schema;
    while (at.has("$ref")) {
      at = root.at(at.get("$ref").asText().substring(1));
    }
    return at;
  }

  private static String scalar(Class<?> type) {
    if (type == String.class || type == UUID.class || type == Instant.class) {
      return "string";
    } else if (type == boolean.class || type == Boolean.class) {
      return "boolean";
    } else if (type == int.class
        || type == long.class
        || type == Long.class
        || type == Integer.class) {
      return "integer";
    } else if (type == double.class || type == Double.class) {
      return "number";
    }
    throw new AssertionError("no JSON type is agreed for " + type);
  }

  private static String format(Class<?> type) {
    return type == UUID.class ? "uuid" : type == Instant.class ? "date-time" : "";
  }

  private static Class<?> raw(AnnotatedType type) {
    return type instanceof AnnotatedParameterizedType generic
        ? (Class<?>) ((ParameterizedType) generic.getType()).getRawType()
        : (Class<?>) type.getType();
  }

  private static AnnotatedType argument(AnnotatedType type, int index) {
    return ((AnnotatedParameterizedType) type).getAnnotatedActualTypeArguments()[index];
  }

  private static Set<String> required(JsonNode schema) {
    return names(each -> schema.path("required").forEach(name -> each.accept(name.asText())));
  }

  private static Set<String> names(Consumer<Consumer<String>> source) {
    Set<String> names = new TreeSet<>();
    source.accept(names::add);
    return names;
  }

  private static Set<String> sorted(Stream<String> names) {
    return new TreeSet<>(names.toList());
  }
}
