package io.whimbrel.monitoring.health;

import io.whimbrel.delivery.OutboxRelay;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks the services how long events wait in their outboxes, by the metrics of their management
 * ports. Any instance answers for its service, since all of them share its outbox. A service that
 * does not answer in time, or not with that figure, is left out.
 */
@ApplicationScoped
public class OutboxProbe {
  private static final Pattern LAG =
      Pattern.compile(
          "^whimbrel_outbox_lag_seconds(?:\\{[^}\\n]*})? (\\d+(?:\\.\\d+)?(?:E\\d+)?)",
          Pattern.MULTILINE);

  private final OutboxRelay own;
  private final Map<String, URI> others;
  private final Duration timeout;
  private final HttpClient client;
  private volatile Map<String, Duration> latest = Map.of();

  OutboxProbe(OutboxRelay own, HealthConfig config) {
    this.own = own;
    this.others =
        Map.of(
            "migration-executor", config.executorUrl(),
            "validation-service", config.validationUrl());
    this.timeout = config.servicesTimeout();
    this.client =
        HttpClient.newBuilder().connectTimeout(timeout).followRedirects(Redirect.NEVER).build();
  }

  /** What was seen last, in seconds. */
  public Map<String, Double> seconds() {
    Map<String, Double> seconds = new TreeMap<>();
    latest.forEach((service, lag) -> seconds.put(service, lag.toMillis() / 1e3));
    return seconds;
  }

  /** Looks, at all services at once. */
  synchronized Map<String, Duration> look() {
    Map<String, CompletableFuture<HttpResponse<String>>> asked = new TreeMap<>();
    others.forEach((service, url) -> asked.put(service, ask(url)));
    long until = System.nanoTime() + timeout.toNanos();
    Map<String, Duration> lags = new TreeMap<>();
    lags.put("monitoring-service", own.lag());
    asked.forEach((service, answer) -> lag(answer, until).ifPresent(lag -> lags.put(service, lag)));
    latest = lags;
    return lags;
  }

  private CompletableFuture<HttpResponse<String>> ask(URI service) {
    return client.sendAsync(
        HttpRequest.newBuilder(service.resolve("/q/metrics")).timeout(timeout).build(),
        BodyHandlers.ofString());
  }

  private static Optional<Duration> lag(CompletableFuture<HttpResponse<String>> asked, long until) {
    try {
      HttpResponse<String> answer =
          asked.get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
      return answer.statusCode() == 200 ? lag(answer.body()) : Optional.empty();
    } catch (ExecutionException | TimeoutException e) {
      asked.cancel(true);
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /** The figure on a page of metrics, in the text format of Prometheus. */
  static Optional<Duration> lag(String page) {
    Matcher lag = LAG.matcher(page);
    return lag.find()
        ? Optional.of(Duration.ofMillis(Math.round(Double.parseDouble(lag.group(1)) * 1e3)))
        : Optional.empty();
  }
}
