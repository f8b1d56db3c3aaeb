package io.whimbrel.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class StackPortsTest {

  @Test
  void theUsualPortsAreTheDocumentedOnes() {
    assertThat(StackPorts.usual().all())
        .containsOnlyKeys(8080, 8081, 8082, 8083, 9080, 9081, 9082, 9083, 8180, 19092, 19093, 15432)
        .containsAllEntriesOf(
            Map.of(
                8080, "api-gateway",
                8081, "migration-executor",
                8082, "validation-service",
                8083, "monitoring-service"));
  }

  @Test
  void aBaseGivesDifferentPortsWithinFifty() {
    assertThat(StackPorts.from(20_000).all().keySet())
        .hasSize(12)
        .allMatch(port -> port >= 20_000 && port < 20_050);
  }
}
