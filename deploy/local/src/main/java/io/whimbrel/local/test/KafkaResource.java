package io.whimbrel.local.test;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.whimbrel.local.KafkaForTests;
import java.util.Map;

/** A broker with the project's topics. */
public final class KafkaResource implements QuarkusTestResourceLifecycleManager {

  @Override
  public Map<String, String> start() {
    return Map.of("kafka.bootstrap.servers", KafkaForTests.bootstrapServers());
  }

  @Override
  public void stop() {}
}
