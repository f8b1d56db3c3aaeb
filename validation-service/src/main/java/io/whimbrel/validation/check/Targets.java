package io.whimbrel.validation.check;

import io.whimbrel.target.TargetRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The one registry of this process. */
final class Targets {

  private Targets() {}

  @Produces
  @Singleton
  static TargetRegistry registry(TargetsConfig config) {
    return new TargetRegistry(config.file());
  }
}
