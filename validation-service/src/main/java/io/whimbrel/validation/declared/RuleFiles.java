package io.whimbrel.validation.declared;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.whimbrel.validation.rule.Declarations;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Reads the files {@code rules/*.yaml} of the directories that hold a target's migrations. They are
 * read anew for each validation. A file with a mistake declares nothing, and its mistakes are told:
 * a declaration that is not looked at must not pass for one that holds.
 */
public final class RuleFiles {
  private static final ObjectMapper YAML =
      YAMLMapper.builder()
          .configure(JsonParser.Feature.STRICT_DUPLICATE_DETECTION, true)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .build();
  private static final Schema SCHEMA = schema();

  private RuleFiles() {}

  /**
   * What was read.
   *
   * @param problems what is wrong with the files, for people
   */
  public record Read(Declarations declarations, List<String> problems) {
    public Read {
      problems = List.copyOf(problems);
    }

    private Read and(Read other) {
      return new Read(
          declarations.and(other.declarations),
          Stream.concat(problems.stream(), other.problems.stream()).toList());
    }
  }

  public static Read of(List<Path> catalog) {
    Read all = new Read(Declarations.NONE, List.of());
    for (Path directory : catalog) {
      for (Path file : files(directory.resolve("rules"))) {
        all = all.and(parse("rules/" + file.getFileName(), text(file)));
      }
    }
    return all;
  }

  /**
   * Reads one file.
   *
   * @param name what problems call it
   */
  public static Read parse(String name, String text) {
    try {
      JsonNode tree = YAML.readTree(text);
      if (tree.isMissingNode() || tree.isNull()) {
        return new Read(Declarations.NONE, List.of());
      }
      List<String> problems = new ArrayList<>();
      SCHEMA
          .validate(tree)
          .forEach(error -> problems.add("%s: %s".formatted(name, error.toString())));
      return problems.isEmpty()
          ? new Read(YAML.treeToValue(tree, Declarations.class), List.of())
          : new Read(Declarations.NONE, problems);
    } catch (JsonProcessingException e) {
      return new Read(Declarations.NONE, List.of(name + " is no YAML: " + where(e)));
    }
  }

  private static String where(JsonProcessingException e) {
    return e.getLocation() == null
        ? e.getOriginalMessage()
        : "line %d: %s".formatted(e.getLocation().getLineNr(), firstLine(e.getOriginalMessage()));
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }

  private static List<Path> files(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().matches(".*\\.ya?ml"))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list " + directory, e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  private static Schema schema() {
    try (InputStream in =
        Objects.requireNonNull(RuleFiles.class.getResourceAsStream("rules.v1.schema.json"))) {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(in, InputFormat.JSON);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
