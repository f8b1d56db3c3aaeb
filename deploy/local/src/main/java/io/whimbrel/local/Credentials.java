package io.whimbrel.local;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;

/** The random passwords and keys of an installation, in a file that only its owner reads. */
final class Credentials {

  static final String SIGNING_KEY = "oidc.signing-key";
  static final String CLIENT_SECRET = "oidc.client-secret";
  static final String GRANT_SECRET = "requests.grant-secret";
  static final String KAFKA_ADMIN = "kafka.admin";

  private static final List<String> PASSWORDS =
      List.of(
          "executor",
          "validation",
          "monitoring",
          LocalStack.MIGRATOR,
          LocalStack.READER,
          CLIENT_SECRET,
          GRANT_SECRET,
          KAFKA_ADMIN);

  private final Properties values;

  private Credentials(Properties values) {
    this.values = values;
  }

  static Path file(Path home) {
    return home.resolve("credentials.properties");
  }

  /** Those of the file; what is missing is made up and added to it. */
  static Credentials of(Path home) {
    Properties values = new Properties();
    Path file = file(home);
    try {
      if (Files.exists(file)) {
        values.load(new StringReader(Files.readString(file)));
      }
      int before = values.size();
      PASSWORDS.forEach(name -> values.computeIfAbsent(name, key -> Secrets.random()));
      for (ServiceName service : ServiceName.values()) {
        values.computeIfAbsent(service.kafkaCredential(), key -> Secrets.random());
      }
      values.computeIfAbsent(SIGNING_KEY, key -> Tokens.newKey());
      if (values.size() > before) {
        StringWriter text = new StringWriter();
        values.store(text, null);
        Directories.writeSecret(file, text.toString());
      }
      return new Credentials(values);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    }
  }

  String get(String name) {
    String value = values.getProperty(name);
    if (value == null) {
      throw new IllegalArgumentException("No credential " + name);
    }
    return value;
  }
}
