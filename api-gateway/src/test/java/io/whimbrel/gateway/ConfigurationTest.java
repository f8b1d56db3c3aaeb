package io.whimbrel.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.whimbrel.gateway.body.BodyConfig;
import io.whimbrel.gateway.command.CommandConfig;
import io.whimbrel.gateway.stream.StreamConfig;
import io.whimbrel.gateway.upstream.UpstreamConfig;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Names and defaults of what can be set; users rely on them. */
class ConfigurationTest {

  @Test
  void defaultsAreTheDocumentedOnes() {
    SmallRyeConfig config = config(Map.of());

    CommandConfig command = config.getConfigMapping(CommandConfig.class);
    assertThat(config.getConfigMapping(BodyConfig.class).maxBody()).isEqualTo(65_536);
    assertThat(command.acknowledgeTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(command.connectTimeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(command.maxWait()).isEqualTo(Duration.ofMinutes(2));
    assertThat(command.pollInterval()).isEqualTo(Duration.ofSeconds(2));

    UpstreamConfig upstream = config.getConfigMapping(UpstreamConfig.class);
    assertThat(upstream.executor()).isEqualTo(URI.create("http://localhost:8081"));
    assertThat(upstream.validation()).isEqualTo(URI.create("http://localhost:8082"));
    assertThat(upstream.monitoring()).isEqualTo(URI.create("http://localhost:8083"));
    assertThat(upstream.connectTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThat(upstream.timeout()).isEqualTo(Duration.ofSeconds(15));
    assertThat(upstream.planTimeout()).isEqualTo(Duration.ofSeconds(60));
    assertThat(upstream.connections()).isEqualTo(64);

    StreamConfig stream = config.getConfigMapping(StreamConfig.class);
    assertThat(stream.heartbeat()).isEqualTo(Duration.ofSeconds(15));
    assertThat(stream.pollInterval()).isEqualTo(Duration.ofSeconds(5));
    assertThat(stream.buffer()).isEqualTo(256);
    assertThat(stream.unknownRunGrace()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void namesAreTheDocumentedOnes() {
    SmallRyeConfig config =
        config(
            Map.ofEntries(
                Map.entry("whimbrel.command.max-body", "1"),
                Map.entry("whimbrel.command.acknowledge-timeout", "1S"),
                Map.entry("whimbrel.command.connect-timeout", "1S"),
                Map.entry("whimbrel.command.max-wait", "1S"),
                Map.entry("whimbrel.command.poll-interval", "1S"),
                Map.entry("whimbrel.executor.url", "http://e"),
                Map.entry("whimbrel.validation.url", "http://v"),
                Map.entry("whimbrel.monitoring.url", "http://m"),
                Map.entry("whimbrel.upstream.connect-timeout", "1S"),
                Map.entry("whimbrel.upstream.timeout", "1S"),
                Map.entry("whimbrel.upstream.plan-timeout", "1S"),
                Map.entry("whimbrel.upstream.connections", "1"),
                Map.entry("whimbrel.stream.heartbeat", "1S"),
                Map.entry("whimbrel.stream.poll-interval", "1S"),
                Map.entry("whimbrel.stream.buffer", "1"),
                Map.entry("whimbrel.stream.unknown-run-grace", "1S")));

    // A name that no mapping knows would have failed the build of the configuration.
    assertThat(config.getConfigMapping(UpstreamConfig.class).executor())
        .isEqualTo(URI.create("http://e"));
    assertThat(config.getConfigMapping(BodyConfig.class).maxBody()).isEqualTo(1);
    assertThat(config.getConfigMapping(StreamConfig.class).buffer()).isEqualTo(1);
  }

  private static SmallRyeConfig config(Map<String, String> values) {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .addDiscoveredConverters()
        .withMapping(BodyConfig.class)
        .withMapping(CommandConfig.class)
        .withMapping(UpstreamConfig.class)
        .withMapping(StreamConfig.class)
        .withSources(new PropertiesConfigSource(values, "test", 100))
        .build();
  }
}
