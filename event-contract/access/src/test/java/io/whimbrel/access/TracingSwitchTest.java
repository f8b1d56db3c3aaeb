package io.whimbrel.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With the settings of each service as they are, found as a service finds them. */
class TracingSwitchTest {
  private static final String DISABLED = "quarkus.otel.sdk.disabled";

  @ParameterizedTest
  @ValueSource(
      strings = {"api-gateway", "migration-executor", "validation-service", "monitoring-service"})
  void tracingIsOnOrOffAndNothingElse(String service) throws IOException {
    assertThat(config(service, Map.of()).getValue(DISABLED, Boolean.class)).isTrue();
    assertThat(config(service, tracing("off")).getValue(DISABLED, Boolean.class)).isTrue();
    assertThat(config(service, tracing("on")).getValue(DISABLED, Boolean.class)).isFalse();
    for (String other : new String[] {"true", "ON", "jaeger"}) {
      SmallRyeConfig config = config(service, tracing(other));
      assertThatThrownBy(() -> config.getValue(DISABLED, Boolean.class))
          .hasMessage("WHIMBREL_TRACING is '%s' (EnvConfigSource); set it to on or off", other);
    }
  }

  private static Map<String, String> tracing(String value) {
    return Map.of("WHIMBREL_TRACING", value);
  }

  private static SmallRyeConfig config(String service, Map<String, String> environment)
      throws IOException {
    Properties properties = new Properties();
    try (Reader file =
        Files.newBufferedReader(
            Path.of("../..", service, "src/main/resources/application.properties"))) {
      properties.load(file);
    }
    Map<String, String> settings = new HashMap<>();
    properties.stringPropertyNames().forEach(n -> settings.put(n, properties.getProperty(n)));
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .addDiscoveredInterceptors()
        .withSources(
            new PropertiesConfigSource(settings, "application", 250),
            new EnvConfigSource(environment, 300))
        .build();
  }
}
