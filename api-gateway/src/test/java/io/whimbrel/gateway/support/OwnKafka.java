package io.whimbrel.gateway.support;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.whimbrel.local.KafkaBroker;
import io.whimbrel.local.Layout;
import java.util.Map;

/** A broker that the test may stop; it is away when the gateway starts. */
public final class OwnKafka implements QuarkusTestResourceLifecycleManager {
  private final KafkaBroker broker = KafkaBroker.temporary();

  @Override
  public Map<String, String> start() {
    broker.createTopics(Layout.topics());
    broker.kill();
    return Map.of("kafka.bootstrap.servers", broker.bootstrapServers());
  }

  @Override
  public void stop() {
    broker.close();
  }

  @Override
  public void inject(TestInjector injector) {
    injector.injectIntoFields(broker, new TestInjector.MatchesType(KafkaBroker.class));
  }
}
