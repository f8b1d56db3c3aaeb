package io.whimbrel.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.whimbrel.validation.check.CheckConfig;
import io.whimbrel.validation.check.StrictnessConfig;
import io.whimbrel.validation.check.TargetsConfig;
import io.whimbrel.validation.plugin.PluginConfig;
import io.whimbrel.validation.request.RequestConfig;
import io.whimbrel.validation.rule.Category;
import io.whimbrel.validation.rule.Mode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigurationTest {

  @Test
  void defaultsAreAsDocumented() {
    SmallRyeConfig config = config(Map.of());
    StrictnessConfig strictness = config.getConfigMapping(StrictnessConfig.class);
    assertThat(strictness.enabled()).isTrue();
    assertThat(strictness.strictMode()).isFalse();

    CheckConfig check = config.getConfigMapping(CheckConfig.class);
    assertThat(check.mode()).isEqualTo(Mode.QUICK);
    assertThat(check.sampleAbove()).isEqualTo(1_000_000);
    assertThat(check.sampleRows()).isEqualTo(100_000);
    assertThat(check.statementTimeout()).isEqualTo(Duration.ofMinutes(5));
    assertThat(check.lockTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(check.connections()).isEqualTo(2);
    assertThat(check.targetConnections()).isEqualTo(6);
    assertThat(check.readers()).isEqualTo(2);
    assertThat(check.validationsPerTarget()).isEqualTo(2);
    assertThat(check.categories())
        .containsExactly("data_integrity", "business_logic", "custom")
        .allMatch(category -> Category.of(category).isPresent());

    PluginConfig plugins = config.getConfigMapping(PluginConfig.class);
    assertThat(plugins.directory()).isEmpty();
    assertThat(plugins.timeout()).isEqualTo(Duration.ofMinutes(1));

    RequestConfig requests = config.getConfigMapping(RequestConfig.class);
    assertThat(requests.parallel()).isEqualTo(4);
    assertThat(requests.pollInterval()).isEqualTo(Duration.ofMillis(200));
    assertThat(requests.lease()).isEqualTo(Duration.ofSeconds(10));
    assertThat(requests.patience()).isEqualTo(Duration.ofMinutes(1));
    assertThat(requests.retryPause()).isEqualTo(Duration.ofSeconds(2));
    assertThat(requests.scheduleInterval()).isEqualTo(Duration.ofSeconds(5));

    assertThat(config.getConfigMapping(TargetsConfig.class).file())
        .isEqualTo(Path.of("targets.yaml"));
  }

  @Test
  void environmentVariablesHaveTheNamesUsersKnow() {
    SmallRyeConfig config =
        config(
            Map.of(
                "MIGRATION_VALIDATION_ENABLED", "false",
                "MIGRATION_VALIDATION_STRICT_MODE", "true",
                "WHIMBREL_TARGETS_FILE", "/etc/whimbrel/targets.yaml",
                "WHIMBREL_VALIDATION_CHECK_MODE", "full",
                "WHIMBREL_VALIDATION_CHECK_STATEMENT_TIMEOUT", "90s",
                "WHIMBREL_VALIDATION_PLUGINS_DIRECTORY", "/srv/rules",
                "WHIMBREL_VALIDATION_REQUESTS_PARALLEL", "9"));
    StrictnessConfig strictness = config.getConfigMapping(StrictnessConfig.class);
    assertThat(strictness.enabled()).isFalse();
    assertThat(strictness.strictMode()).isTrue();
    CheckConfig check = config.getConfigMapping(CheckConfig.class);
    assertThat(check.mode()).isEqualTo(Mode.FULL);
    assertThat(check.statementTimeout()).isEqualTo(Duration.ofSeconds(90));
    assertThat(config.getConfigMapping(RequestConfig.class).parallel()).isEqualTo(9);
    assertThat(config.getConfigMapping(TargetsConfig.class).file())
        .isEqualTo(Path.of("/etc/whimbrel/targets.yaml"));
    assertThat(config.getConfigMapping(PluginConfig.class).directory())
        .contains(Path.of("/srv/rules"));
  }

  @Test
  void aTargetThatIsToBearLittleHasOneValidationWithFewReaders() {
    CheckConfig check =
        config(Map.of("WHIMBREL_VALIDATION_CHECK_TARGET_CONNECTIONS", "2"))
            .getConfigMapping(CheckConfig.class);
    assertThat(check.readers()).isEqualTo(1);
    assertThat(check.validationsPerTarget()).isEqualTo(1);
  }

  private static SmallRyeConfig config(Map<String, String> environment) {
    return new SmallRyeConfigBuilder()
        .addDiscoveredConverters()
        .addDefaultInterceptors()
        .withSources(new EnvConfigSource(environment, 300))
        .withMapping(StrictnessConfig.class)
        .withMapping(CheckConfig.class)
        .withMapping(PluginConfig.class)
        .withMapping(RequestConfig.class)
        .withMapping(TargetsConfig.class)
        .build();
  }
}
