package io.whimbrel.local;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who is let in by the broker: everybody on this machine, or users with passwords who may do what
 * they were given. A guarded broker knows its administrator by the password of its own file, since
 * SCRAM's passwords are kept in the cluster, which has to be there first; it is also how broker and
 * controller know each other.
 */
record KafkaDoor(@Nullable String password) {

  /** The administrator of a guarded broker. */
  static final String ADMIN = "kafka";

  static KafkaDoor open() {
    return new KafkaDoor(null);
  }

  /**
   * @param password of {@link #ADMIN}
   */
  static KafkaDoor guarded(String password) {
    return new KafkaDoor(password);
  }

  boolean guarded() {
    return password != null;
  }

  /** The protocol of clients. */
  String protocol() {
    return guarded() ? "SASL_PLAINTEXT" : "PLAINTEXT";
  }

  /** What a client of that name has to be configured with, beside the address. */
  Map<String, Object> client(String user, String secret) {
    return guarded()
        ? login("SCRAM-SHA-512", "scram.ScramLoginModule", user, secret)
        : Map.of("security.protocol", protocol());
  }

  /** What the administrator has to be configured with, beside the address. */
  Map<String, Object> admin() {
    return password == null
        ? Map.of("security.protocol", protocol())
        : login("PLAIN", "plain.PlainLoginModule", ADMIN, password);
  }

  private Map<String, Object> login(String mechanism, String module, String user, String secret) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("security.protocol", protocol());
    settings.put("sasl.mechanism", mechanism);
    settings.put(
        "sasl.jaas.config",
        "org.apache.kafka.common.security.%s required username=\"%s\" password=\"%s\";"
            .formatted(module, user, secret));
    return settings;
  }

  /**
   * The part of {@code server.properties} that guards the listeners CLIENTS and CONTROLLER, as
   * {@code deploy/kafka} has it. It holds the administrator's password.
   */
  String serverProperties() {
    return password == null
        ? "listener.security.protocol.map=CLIENTS:PLAINTEXT,CONTROLLER:PLAINTEXT\n"
        : Directories.read(Layout.kafkaAccess()).replace("@KAFKA_ADMIN_PASSWORD@", password);
  }
}
