package io.whimbrel.gateway.security;

import static io.whimbrel.gateway.support.Callers.API;
import static io.whimbrel.gateway.support.Callers.superAdmin;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.whimbrel.event.Topics;
import io.whimbrel.gateway.support.Endpoint;
import io.whimbrel.gateway.support.FakeServices;
import io.whimbrel.gateway.support.Records;
import io.whimbrel.local.test.KafkaResource;
import io.whimbrel.local.test.OidcResource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.SoftAssertions;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * What no endpoint takes, from those who may everything. It reaches neither Kafka nor a service.
 */
@QuarkusTest
@QuarkusTestResource(KafkaResource.class)
@QuarkusTestResource(OidcResource.class)
@QuarkusTestResource(FakeServices.class)
class InputAbuseIT {
  static final List<Endpoint> ENDPOINTS = Endpoint.all();

  static final List<Endpoint> WITH_BODY =
      ENDPOINTS.stream().filter(endpoint -> endpoint.body() != null).toList();

  static final List<Endpoint> WITH_ID =
      ENDPOINTS.stream().filter(endpoint -> endpoint.path().contains("{id}")).toList();

  private static final int MOST = 65_536;

  @SuppressWarnings("NullAway.Init") // set by the resource itself
  FakeServices services;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String kafka;

  @SuppressWarnings("NullAway.Init")
  Records requested;

  private final SoftAssertions softly = new SoftAssertions();

  @BeforeEach
  void listen() {
    services.reset();
    requested = new Records(kafka, Topics.MIGRATION_REQUESTED);
  }

  @AfterEach
  void nothingCameThrough() {
    softly.assertThat(requested.seen()).isEmpty();
    requested.close();
    softly.assertThat(services.requests()).isEmpty();
    softly.assertAll();
  }

  /** One body that is refused. */
  @SuppressWarnings("ArrayRecordComponent") // sent as it is, never compared
  private record Abuse(String name, byte[] body, Map<String, String> headers, int status) {
    Abuse(String name, String body) {
      this(name, body.getBytes(UTF_8), Map.of(), 400);
    }
  }

  private static List<Abuse> abuses(String good) {
    String open = good.substring(0, good.length() - 1);
    return List.of(
        new Abuse("no object", "[]"),
        new Abuse("null", "null"),
        new Abuse("a text", "\"SECRET\""),
        new Abuse("cut off", open),
        new Abuse("unknown field", open + ", \"SECRET\": 1}"),
        new Abuse("duplicate key", open + ", " + good.substring(1)),
        new Abuse("duplicate key, escaped", duplicate(good)),
        new Abuse("deep", open + ", \"note\": " + "[".repeat(20_000)),
        new Abuse("deep objects", "{\"a\":".repeat(5_000) + "1" + "}".repeat(5_000)),
        new Abuse("a long number", open + ", \"note\": " + "9".repeat(10_000) + "}"),
        new Abuse("not a number", open + ", \"note\": NaN}"),
        new Abuse("something behind", good + "SECRET"),
        new Abuse("two objects", good + good),
        new Abuse("a comment", "/* SECRET */" + good),
        new Abuse("single quotes", good.replace('"', '\'')),
        new Abuse("a control character in a text", open + ", \"SECRET\u0001\": 1}"),
        new Abuse("invalid UTF-8", (open + ", \"\u00e9\": 1}").getBytes(ISO_8859_1), Map.of(), 400),
        new Abuse("overlong UTF-8", overlong(good), Map.of(), 400),
        new Abuse("UTF-16", good.getBytes(UTF_16), Map.of(), 400),
        new Abuse("oversized", (good + " ".repeat(MOST)).getBytes(UTF_8), Map.of(), 413),
        typed("text/plain", good),
        typed("application/xml", "<?xml version=\"1.0\"?><!DOCTYPE a SYSTEM \"file:///\"><a/>"),
        typed("application/x-www-form-urlencoded", "target=orders"),
        typed("application/json; charset=utf-16", good),
        new Abuse("gzip", good.getBytes(UTF_8), Map.of("Content-Encoding", "gzip"), 415));
  }

  private static Abuse typed(String type, String body) {
    return new Abuse(type, body.getBytes(UTF_8), Map.of("Content-Type", type), 415);
  }

  /** The first field once more, its name spelt with an escape. */
  private static String duplicate(String good) {
    String escaped = "\"\\u%04x".formatted((int) good.charAt(2)) + good.substring(3);
    return good.substring(0, good.length() - 1) + ", " + escaped;
  }

  /** A quotation mark of two bytes, which a careless decoder takes for one. */
  private static byte[] overlong(String good) {
    byte[] bytes = (good.substring(0, good.length() - 1) + ", XX: 1}").getBytes(UTF_8);
    int at = new String(bytes, UTF_8).indexOf("XX");
    bytes[at] = (byte) 0xC0;
    bytes[at + 1] = (byte) 0xA2;
    return bytes;
  }

  @ParameterizedTest
  @FieldSource("WITH_BODY")
  void bodiesAreReadStrictly(Endpoint endpoint) {
    for (Abuse abuse : abuses(Objects.requireNonNull(endpoint.body()))) {
      Response answer = endpoint.send(superAdmin(), abuse.body(), abuse.headers());
      refused(abuse.name(), answer, abuse.status());
    }
  }

  @ParameterizedTest
  @FieldSource("ENDPOINTS")
  void parametersAreKnownAndGivenOnce(Endpoint endpoint) {
    for (String query :
        List.of(
            "SECRET=1",
            "SECRET",
            "target=a&target=b&SECRET=1",
            "limit=1&limit=2&cursor=SECRET&cursor=SECRET",
            "target=%00SECRET&what=%0aSECRET&x=%0d%0aSECRET")) {
      refused(query, endpoint.call(superAdmin(), API + endpoint.filled() + "?" + query), 400);
    }
  }

  @ParameterizedTest
  @FieldSource("WITH_ID")
  void idsAreNothingButIds(Endpoint endpoint) {
    for (String id :
        List.of(
            "SECRET", "1", "%27%20or%201%3D1--SECRET", "0190d2a4-7f3c-4a53-8a1e-2f6d5f0c9b11%20")) {
      refused(id, endpoint.call(superAdmin(), API + endpoint.path().replace("{id}", id)), 404);
    }
  }

  private void refused(String what, Response answer, int status) {
    softly.assertThat(answer.statusCode()).as(what).isEqualTo(status);
    softly.assertThat(answer.contentType()).as(what).startsWith("application/problem+json");
    softly.assertThat(answer.asString()).as(what).doesNotContain("SECRET", "Exception", "\tat ");
  }
}
