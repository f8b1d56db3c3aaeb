package io.whimbrel.executor.messaging;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** What requests may ask for. */
@ConfigMapping(prefix = "whimbrel.requests")
public interface RequestConfig {

  /**
   * The secret shared with the gateway. With it the gateway vouches for a super-admin, whose {@code
   * acceptDataLoss} and {@code acceptRisks} count; without it no request may lose data or take a
   * risk that is left to super-admins, whoever publishes it.
   */
  Optional<String> grantSecret();
}
