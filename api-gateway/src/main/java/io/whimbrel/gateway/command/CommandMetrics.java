package io.whimbrel.gateway.command;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import jakarta.ws.rs.container.ContainerResponseContext;
import java.util.Locale;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;
import org.jboss.resteasy.reactive.server.SimpleResourceInfo;
import org.jspecify.annotations.Nullable;

/** Counts how commands were answered. */
@Singleton
class CommandMetrics {
  private final MeterRegistry metrics;

  CommandMetrics(MeterRegistry metrics) {
    this.metrics = metrics;
  }

  @ServerResponseFilter
  public void count(@Nullable SimpleResourceInfo resource, ContainerResponseContext response) {
    if (resource == null || !CommandResource.class.equals(resource.getResourceClass())) {
      return;
    }
    Counter.builder("whimbrel.commands")
        .description("Commands by operation and answer")
        .tag("operation", resource.getMethodName().toUpperCase(Locale.ROOT))
        .tag("outcome", outcome(response.getStatus()))
        .register(metrics)
        .increment();
  }

  private static String outcome(int status) {
    if (status < 300) {
      return "accepted";
    }
    return status < 500 ? "refused" : "unavailable";
  }
}
