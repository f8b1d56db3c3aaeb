package io.whimbrel.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

class TargetsFileTest {

  @TempDir Path directory;

  @Test
  void aTargetReplacesTheOneOfItsNameAndLeavesTheOthers() throws Exception {
    TargetsFile file = new TargetsFile(directory.resolve("targets.yaml"));
    file.put("demo", "jdbc:postgresql://localhost:1/demo", List.of(Path.of("/a"), Path.of("/b")));
    file.put("orders", "jdbc:postgresql://localhost:1/orders", List.of(Path.of("/c")));
    Files.writeString(file.path(), "  - name: shop\n    url: jdbc:x\n", StandardOpenOption.APPEND);

    file.put("demo", "jdbc:postgresql://localhost:2/demo", List.of(Path.of("/d")));

    List<?> targets = (List<?>) ((Map<?, ?>) read(file)).get("targets");
    assertThat(targets).extracting("name").containsExactly("demo", "orders", "shop");
    assertThat(targets)
        .first()
        .hasFieldOrPropertyWithValue("url", "jdbc:postgresql://localhost:2/demo")
        .hasFieldOrPropertyWithValue("catalog", List.of("/d"))
        .hasFieldOrPropertyWithValue(
            "executor", Map.of("user", "migrator", "password", "${LOCAL_MIGRATOR_PASSWORD}"));
  }

  private static Object read(TargetsFile file) throws Exception {
    return new Yaml().load(Files.readString(file.path()));
  }
}
