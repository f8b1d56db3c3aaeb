package io.whimbrel.event;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The documents of the contract, as the tests read them. */
final class Contract {
  /** A reader as the contract asks for: unknown fields are ignored, times are RFC 3339. */
  static final JsonMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  static final Path MODULE = Path.of("").toAbsolutePath();
  static final Path REPOSITORY = MODULE.resolve("..").normalize();
  static final Path GOLDEN = MODULE.resolve("src/test/resources/golden");

  private static final YAMLMapper YAML = new YAMLMapper();
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private Contract() {}

  static JsonNode schemaDocument(EventType type) {
    try (InputStream in = EventType.class.getResourceAsStream(type.schema())) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where and how a document breaks the schema of its type; empty if it fits. */
  static List<String> faults(EventType type, JsonNode document) {
    Schema schema = SCHEMAS.getSchema(schemaDocument(type).toString(), InputFormat.JSON);
    return schema
        .validate(document, ctx -> ctx.executionConfig(c -> c.formatAssertionsEnabled(true)))
        .stream()
        .map(Object::toString)
        .toList();
  }

  /** The golden examples of a type; their names begin with the name of the type. */
  static List<Path> examples(EventType type) {
    String prefix = type.name().toLowerCase(Locale.ROOT).replace('_', '-') + ".";
    try (Stream<Path> files = Files.list(GOLDEN)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode json(Path file) {
    try {
      return JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static JsonNode yaml(Path file) {
    try {
      return YAML.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
