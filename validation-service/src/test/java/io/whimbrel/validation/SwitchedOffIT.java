package io.whimbrel.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.whimbrel.event.Phase;
import io.whimbrel.local.test.KafkaResource;
import io.whimbrel.local.test.OidcResource;
import io.whimbrel.local.test.PostgresResource;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

@QuarkusTest
@TestProfile(SwitchedOffIT.Off.class)
@QuarkusTestResource(
    value = PostgresResource.class,
    initArgs = @ResourceArg(name = "database", value = "validation"))
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(OidcResource.class)
@QuarkusTestResource(TargetResource.class)
@SuppressWarnings("NullAway.Init")
class SwitchedOffIT {

  public static final class Off implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of("migration.validation.enabled", "false");
    }
  }

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrap;

  @Test
  void aSwitchedOffValidationSaysThatNothingWasChecked() {
    UUID run = UUID.randomUUID();
    try (Wire wire = new Wire(bootstrap)) {
      wire.ask("e-" + run, run, Phase.BEFORE, "orders", "line");
      String answer =
          Awaitility.await()
              .atMost(Duration.ofSeconds(30))
              .until(() -> wire.answers(run), found -> !found.isEmpty())
              .get(0)
              .value();
      assertThat(answer).contains("\"valid\":true").contains("nothing was checked");
    }
  }
}
