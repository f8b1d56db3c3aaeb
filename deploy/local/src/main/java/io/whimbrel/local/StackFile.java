package io.whimbrel.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code stack.env}: how scripts find a running stack. It is there while the stack runs. */
final class StackFile {

  private StackFile() {}

  static Path of(Path home) {
    return home.resolve("stack.env");
  }

  static void write(LocalStack stack) {
    Path home = stack.home();
    Path client = home.resolve("client.properties");
    Directories.writeSecret(
        client,
        stack.kafka().adminSettings().entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue() + "\n")
                .collect(Collectors.joining())
            + "acks=all\n");
    String text =
        values(stack, client).entrySet().stream()
            .map(entry -> entry.getKey() + "=" + quoted(entry.getValue()) + "\n")
            .collect(Collectors.joining());
    Directories.writeSecret(of(home), text);
  }

  static void remove(Path home) {
    try {
      Files.deleteIfExists(of(home));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> values(LocalStack stack, Path client) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("GATEWAY_URL", stack.gatewayUrl());
    values.put("ISSUER_URL", stack.issuerUrl());
    values.put("KAFKA_BOOTSTRAP", stack.kafka().bootstrapServers());
    values.put("KAFKA_CLIENT_PROPERTIES", client.toString());
    values.put("POSTGRES_URL", stack.postgres().url("postgres"));
    values.put("POSTGRES_USER", EmbeddedPostgres.SUPERUSER);
    values.put("POSTGRES_PASSWORD", stack.postgres().password());
    values.put(
        "METRICS_URLS",
        stack.services().stream().map(ServiceProcess::metricsUrl).collect(Collectors.joining(" ")));
    stack.services().forEach(service -> values.put(variable(service), service.metricsUrl()));
    values.put("BACKUP_DIR", stack.backups().toString());
    values.put("TARGETS_FILE", stack.targetsFile().toString());
    return values;
  }

  /** {@code GATEWAY_METRICS_URL}, {@code EXECUTOR_METRICS_URL} and so on. */
  private static String variable(ServiceProcess service) {
    return ServiceName.of(service.name()).name().toUpperCase(Locale.ROOT) + "_METRICS_URL";
  }

  private static String quoted(String value) {
    return value.contains(" ") ? '"' + value + '"' : value;
  }
}
