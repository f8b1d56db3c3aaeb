package io.whimbrel.executor.target;

import io.whimbrel.target.TargetRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes the registry of targets known to the service. */
@ApplicationScoped
class Targets {

  @Produces
  @Singleton
  TargetRegistry registry(TargetsConfig config) {
    return new TargetRegistry(config.file());
  }
}
