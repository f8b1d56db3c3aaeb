package io.whimbrel.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.whimbrel.local.Layout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The software bill of materials of each service, against the jars it is packaged with. */
class BillOfMaterialsIT {

  @ParameterizedTest
  @ValueSource(
      strings = {"api-gateway", "migration-executor", "validation-service", "monitoring-service"})
  void everyJarOfAServiceIsInItsBill(String service) throws IOException {
    Path target = Layout.project().resolve(service).resolve("target");
    JsonNode bill = Json.read(Files.readString(target.resolve("bom.json")));

    assertThat(bill.path("bomFormat").asText()).isEqualTo("CycloneDX");
    assertThat(bill.path("metadata").path("component").path("name").asText()).isEqualTo(service);
    TreeSet<String> listed =
        StreamSupport.stream(bill.path("components").spliterator(), false)
            .map(part -> part.path("group").asText() + "." + part.path("name").asText() + "-")
            .collect(Collectors.toCollection(TreeSet::new));
    for (String jar : jars(target)) {
      assertThat(listed).as(jar).anyMatch(jar::startsWith);
    }
    assertThat(bill.path("components"))
        .allSatisfy(part -> assertThat(part.path("purl").asText()).startsWith("pkg:maven/"));
  }

  /** Named by group, artifact and version. */
  private static List<String> jars(Path target) throws IOException {
    try (Stream<Path> files = Files.list(target.resolve("quarkus-app/lib/main"))) {
      List<String> jars = files.map(jar -> jar.getFileName().toString()).toList();
      assertThat(jars).hasSizeGreaterThan(50);
      return jars;
    }
  }
}
