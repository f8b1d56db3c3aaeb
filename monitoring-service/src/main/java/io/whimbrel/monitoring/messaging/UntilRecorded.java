package io.whimbrel.monitoring.messaging;

import io.quarkus.runtime.ShutdownEvent;
import io.whimbrel.monitoring.SqlState;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jboss.logging.Logger;

/**
 * Tries a batch until it is recorded, so that nothing is skipped while the database is away; Kafka
 * keeps what is behind it. A record that is itself at fault is found by trying the batch one by
 * one, and laid aside. If the service stops meanwhile, the batch comes again after its start.
 */
@ApplicationScoped
class UntilRecorded {
  private static final Logger LOG = Logger.getLogger(UntilRecorded.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final CountDownLatch stopping = new CountDownLatch(1);

  void stop(@Observes ShutdownEvent event) {
    stopping.countDown();
  }

  void record(ConsumerRecords<String, byte[]> records, Recorder recorder)
      throws InterruptedException {
    List<ConsumerRecord<String, byte[]>> batch = new ArrayList<>(records.count());
    records.forEach(batch::add);
    record(batch, recorder);
  }

  private void record(List<ConsumerRecord<String, byte[]>> batch, Recorder recorder)
      throws InterruptedException {
    Optional<String> fault = attempt(() -> recorder.record(batch), RecordFault::in);
    if (fault.isEmpty()) {
      return;
    }
    if (batch.size() == 1) {
      refuse(batch.get(0), fault.get(), recorder);
      return;
    }
    for (ConsumerRecord<String, byte[]> record : batch) {
      record(List.of(record), recorder);
    }
  }

  private void refuse(ConsumerRecord<String, byte[]> record, String reason, Recorder recorder)
      throws InterruptedException {
    attempt(() -> recorder.refuse(record, reason), failure -> Optional.empty());
  }

  /** Returns when the work is done, or with the fault of the record that prevents it. */
  private Optional<String> attempt(
      Runnable work, Function<RuntimeException, Optional<String>> recordFault)
      throws InterruptedException {
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        work.run();
        return Optional.empty();
      } catch (RuntimeException e) {
        Optional<String> fault = recordFault.apply(e);
        if (fault.isPresent()) {
          return fault;
        }
        LOG.warnf(
            "Events wait, and will be tried again in %d ms: %s",
            pause.toMillis(), SqlState.describe(e));
        pause(pause);
        pause = longer(pause);
      }
    }
  }

  private static Duration longer(Duration pause) {
    Duration doubled = pause.multipliedBy(2);
    return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
  }

  private void pause(Duration duration) throws InterruptedException {
    if (stopping.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new InterruptedException("the service stops; the batch will come again");
    }
  }
}
