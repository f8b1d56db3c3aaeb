package io.whimbrel.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;

class KafkaSetupIT {
  private static final Path FILES = Layout.project().resolve("deploy/kafka");

  @Test
  void whatIsMissingIsBroughtAndWhatIsTooMuchIsTaken() throws Exception {
    try (KafkaBroker broker = KafkaBroker.temporary(KafkaDoor.guarded("of-the-administrator"));
        Admin admin = Admin.create(broker.adminSettings())) {
      assertThat(apply(broker, Map.of("api-gateway", "first")))
          .contains(
              "created topic migration.requested",
              "set the password of api-gateway",
              "allowed User:api-gateway READ on GROUP api-gateway-*",
              "allowed User:monitoring-service DESCRIBE on GROUP migration-executor")
          .noneMatch(line -> line.contains("no longer"));
      assertThat(topicsSeenBy(broker, "first"))
          .containsExactlyInAnyOrder("migration.requested", "migration.progress", "alert.raised");

      assertThat(apply(broker, Map.of())).containsExactly("everything is as it ought to be");

      AclBinding surplus = allowed("User:api-gateway");
      AclBinding ofOthers = allowed("User:another-system");
      admin.createAcls(List.of(surplus, ofOthers)).all().get(30, TimeUnit.SECONDS);
      assertThat(apply(broker, Map.of("api-gateway", "second")))
          .containsExactly(
              "set the password of api-gateway",
              "no longer allowed User:api-gateway DELETE on TOPIC migration.requested");
      assertThat(topicsSeenBy(broker, "second")).hasSize(3);
      assertThat(admin.describeAcls(AclBindingFilter.ANY).values().get(30, TimeUnit.SECONDS))
          .contains(ofOthers)
          .doesNotContain(surplus);
    }
  }

  private static List<String> apply(KafkaBroker broker, Map<String, String> passwords) {
    return KafkaSetupMain.run(FILES, "local", broker.adminSettings(), passwords);
  }

  private static Iterable<String> topicsSeenBy(KafkaBroker broker, String password)
      throws Exception {
    try (Admin gateway = Admin.create(broker.clientSettings("api-gateway", password))) {
      return gateway.listTopics().names().get(30, TimeUnit.SECONDS);
    }
  }

  private static AclBinding allowed(String principal) {
    return new AclBinding(
        new ResourcePattern(ResourceType.TOPIC, "migration.requested", PatternType.LITERAL),
        new AccessControlEntry(principal, "*", AclOperation.DELETE, AclPermissionType.ALLOW));
  }
}
