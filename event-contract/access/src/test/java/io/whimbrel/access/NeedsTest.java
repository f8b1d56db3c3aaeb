package io.whimbrel.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.junit.jupiter.api.Test;

class NeedsTest {

  @Test
  void channelsThatAreOnNeedTheirTopicsAndGroups() {
    Set<Need> needs =
        needs(
            Map.of(
                "mp.messaging.connector.smallrye-kafka.group.id", "service",
                "mp.messaging.incoming.in.topic", "requests",
                "mp.messaging.incoming.audit.topic", "requests",
                "mp.messaging.incoming.audit.group.id", "service-audit",
                "mp.messaging.incoming.off.topic", "progress",
                "mp.messaging.incoming.off.enabled", "false"));

    assertThat(needs)
        .containsExactlyInAnyOrder(
            Need.topic("requests", AclOperation.READ),
            Need.group("service", AclOperation.READ),
            Need.group("service-audit", AclOperation.READ));
  }

  @Test
  void whatIsPublishedIsWrittenAndGroupsOfOthersAreSeen() {
    Set<Need> needs =
        needs(Map.of("whimbrel.kafka.publishes", "a,b", "whimbrel.kafka.observes", "other"));

    assertThat(needs)
        .extracting(Need::toString)
        .containsExactlyInAnyOrder(
            "WRITE on topic a", "WRITE on topic b", "DESCRIBE on group other");
  }

  private static Set<Need> needs(Map<String, String> settings) {
    SmallRyeConfig config = new SmallRyeConfigBuilder().withDefaultValues(settings).build();
    return Needs.of(
        config,
        new Access(
            config.getOptionalValues(
                "whimbrel.kafka.publishes", String.class, size -> new HashSet<>()),
            config.getOptionalValues(
                "whimbrel.kafka.observes", String.class, size -> new HashSet<>())));
  }

  private record Access(Optional<Set<String>> publishes, Optional<Set<String>> observes)
      implements KafkaAccessConfig {
    @Override
    public Optional<String> user() {
      return Optional.empty();
    }

    @Override
    public Optional<String> password() {
      return Optional.empty();
    }
  }
}
