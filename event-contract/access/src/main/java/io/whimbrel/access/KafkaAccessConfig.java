package io.whimbrel.access;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;
import java.util.Set;

/** Who a service is on Kafka, and what it does there beside reading its channels. */
@ConfigMapping(prefix = "whimbrel.kafka")
public interface KafkaAccessConfig {

  /** The name it logs in with; without one it does not log in. */
  Optional<String> user();

  /** Its password. Quotation marks and backslashes are not possible. */
  Optional<String> password();

  /** The topics that it writes to. */
  Optional<Set<String>> publishes();

  /** The consumer groups of others that it looks at. */
  Optional<Set<String>> observes();
}
