package io.whimbrel.local;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.KafkaException;

/**
 * What {@code deploy/kafka/apply} runs: topics, passwords and rights for a cluster. Arguments: the
 * directory of topics.yaml and acls.yaml, the environment of topics.yaml, the properties of an
 * administrator, and a directory with a file per principal that holds its password, or nothing if
 * passwords are to stay.
 */
final class KafkaSetupMain {

  private KafkaSetupMain() {}

  public static void main(String[] arguments) {
    try {
      Path files = Path.of(arguments[0]);
      Map<String, String> passwords =
          arguments.length < 4 ? Map.of() : passwords(files, Path.of(arguments[3]));
      run(files, arguments[1], settings(Path.of(arguments[2])), passwords)
          .forEach(System.out::println);
    } catch (IllegalStateException | UncheckedIOException | KafkaException e) {
      System.err.println("deploy/kafka/apply: " + e.getMessage());
      System.exit(1);
    }
  }

  static List<String> run(
      Path files, String environment, Map<String, Object> admin, Map<String, String> passwords) {
    try (KafkaSetup setup = new KafkaSetup(admin)) {
      List<String> done = new ArrayList<>();
      done.addAll(setup.createTopics(files.resolve("topics.yaml"), environment));
      done.addAll(setup.setPasswords(passwords));
      done.addAll(setup.setRights(files.resolve("acls.yaml")));
      return done.isEmpty() ? List.of("everything is as it ought to be") : done;
    }
  }

  private static Map<String, Object> settings(Path file) {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read the administrator's settings in " + file, e);
    }
    Map<String, Object> settings = new HashMap<>();
    properties.forEach((key, value) -> settings.put(String.valueOf(key), value));
    return settings;
  }

  /** Of every principal; one without a file is a mistake rather than somebody to leave out. */
  private static Map<String, String> passwords(Path files, Path directory) {
    Map<String, String> passwords = new LinkedHashMap<>();
    for (String name : Acls.read(files.resolve("acls.yaml")).keySet()) {
      Path file = directory.resolve(name);
      if (!Files.isRegularFile(file)) {
        throw new IllegalStateException(
            "there is no " + file + "; it has to hold the password of " + name);
      }
      String password = Directories.read(file).strip();
      if (password.isEmpty() || password.contains("\"") || password.contains("\\")) {
        throw new IllegalStateException(
            file + " has to hold a password without quotation marks and backslashes");
      }
      passwords.put(name, password);
    }
    return passwords;
  }
}
