package io.whimbrel.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AclsTest {
  @TempDir Path directory;

  @Test
  void theProjectsOwnFileNamesTheServices() {
    assertThat(Acls.read(Layout.acls()).keySet())
        .containsExactly(
            "api-gateway", "migration-executor", "validation-service", "monitoring-service");
  }

  @Test
  void aMistakeIsNamed() throws IOException {
    refused("principals: [{ name: a, write: [topic] }]", "write=[topic]");
    refused("principals: [{ writes: [topic] }]", "a principal has a name");
    refused("principals: [{ name: a, writes: topic }]", "writes of a is topic, not a list");
    refused("topics: []", "has no list of principals");
  }

  private void refused(String text, String named) throws IOException {
    Path file = Files.writeString(directory.resolve("acls.yaml"), text);
    assertThatThrownBy(() -> Acls.read(file))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(named);
  }
}
