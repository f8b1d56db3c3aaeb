package io.whimbrel.monitoring.sink;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.whimbrel.event.AlertRaised;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Posts alerts, signed. Any answer of 200 to 299 counts as delivered; redirects are not followed.
 */
@ApplicationScoped
class Webhook implements AlertSink {
  private static final Logger LOG = Logger.getLogger(Webhook.class);

  private final SinkConfig.Webhook config;
  private final ObjectMapper json;
  private final HttpClient client;

  Webhook(SinkConfig config, ObjectMapper json) {
    this.config = config.webhook();
    this.json = json;
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(this.config.timeout())
            .followRedirects(Redirect.NEVER)
            .build();
    if (this.config.url().isPresent() && this.config.secret().isEmpty()) {
      LOG.error(
          "The webhook is not used: it has no secret to sign with; set"
              + " MIGRATION_ALERTS_SINKS_WEBHOOK_SECRET");
    }
  }

  @Override
  public String name() {
    return "webhook";
  }

  @Override
  public boolean enabled() {
    return config.url().isPresent() && config.secret().isPresent();
  }

  @Override
  public void tell(UUID eventId, AlertRaised alert) throws NotDelivered {
    Optional<URI> url = config.url();
    Optional<String> secret = config.secret();
    if (url.isEmpty() || secret.isEmpty()) {
      throw new NotDelivered("the webhook is not configured any more");
    }
    String body = body(alert);
    HttpRequest request =
        HttpRequest.newBuilder(url.get())
            .timeout(config.timeout())
            .header("Content-Type", "application/json")
            .header("Whimbrel-Event", alert.type().cloudEventType())
            .header("Whimbrel-Delivery", eventId.toString())
            .header("Whimbrel-Signature", new Signature(secret.get()).of(Instant.now(), body))
            .POST(BodyPublishers.ofString(body))
            .build();
    int status = send(request).statusCode();
    if (status / 100 != 2) {
      throw new NotDelivered("the webhook answered " + status);
    }
  }

  private String body(AlertRaised alert) {
    try {
      return json.writeValueAsString(alert);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an alert cannot be written as JSON", e);
    }
  }

  private HttpResponse<Void> send(HttpRequest request) throws NotDelivered {
    try {
      return client.send(request, BodyHandlers.discarding());
    } catch (IOException e) {
      throw new NotDelivered("the webhook does not answer (" + e.getClass().getSimpleName() + ")");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotDelivered("the service stops");
    }
  }
}
