package io.whimbrel.gateway.support;

import static io.whimbrel.gateway.support.Callers.API;
import static io.whimbrel.gateway.support.Callers.admin;

import java.time.Duration;
import java.util.Map;

/** After services were down: waits until the gateway has found out that they are back. */
public final class Recovery {
  private static final Map<String, String> ANY =
      Map.of(
          "/status", "/executor/status",
          "/validation/rules", "/validation/validation/rules",
          "/alerts", "/monitoring/alerts");

  private Recovery() {}

  public static void await(FakeServices services) {
    ANY.forEach(
        (path, place) -> {
          services.json(place, "{}");
          org.awaitility.Awaitility.await()
              .atMost(Duration.ofSeconds(20))
              .until(() -> admin().get(API + path).statusCode() == 200);
        });
  }
}
