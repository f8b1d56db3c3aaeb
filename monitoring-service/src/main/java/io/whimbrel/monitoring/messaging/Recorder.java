package io.whimbrel.monitoring.messaging;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Records what came by a topic, each call in a transaction of its own. */
interface Recorder {

  /** Records a batch; what was recorded before has no effect. */
  void record(List<ConsumerRecord<String, byte[]>> records);

  /** Lays a record aside that reads well but cannot be recorded. */
  void refuse(ConsumerRecord<String, byte[]> record, String reason);
}
