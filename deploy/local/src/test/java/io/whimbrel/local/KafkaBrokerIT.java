package io.whimbrel.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class KafkaBrokerIT {

  @Test
  void topicsAndRecordsOutliveAKill() throws Exception {
    try (KafkaBroker broker = KafkaBroker.temporary()) {
      broker.createTopics(Layout.topics());
      broker.createTopics(Layout.topics());
      assertThat(send(broker, "first")).isZero();

      broker.kill();
      assertThat(broker.running()).isFalse();
      broker.start();
      assertThat(send(broker, "second")).isEqualTo(1);

      broker.stop();
      broker.start();
      assertThat(send(broker, "third")).isEqualTo(2);
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
        assertThat(admin.listTopics().names().get(10, TimeUnit.SECONDS))
            .contains("migration.requested", "alert.raised", "alert.raised.dead-letter");
      }
    }
  }

  @Test
  void testsShareOneBroker() {
    assertThat(KafkaForTests.bootstrapServers()).isEqualTo(KafkaForTests.bootstrapServers());
  }

  private static long send(KafkaBroker broker, String value) throws Exception {
    Map<String, Object> config = Map.of("bootstrap.servers", broker.bootstrapServers());
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
      return producer
          .send(new ProducerRecord<>("migration.requested", 0, "key", value))
          .get(30, TimeUnit.SECONDS)
          .offset();
    }
  }
}
