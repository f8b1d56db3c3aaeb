package io.whimbrel.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** A stack that another process has started, as its {@code stack.env} describes it. */
public final class RunningStack {

  private final Path home;
  private final Map<String, String> values;

  private RunningStack(Path home, Map<String, String> values) {
    this.home = home;
    this.values = values;
  }

  /** The directory of the stack on this machine. */
  static Path home() {
    String home = System.getenv("WHIMBREL_HOME");
    return home == null ? Layout.module().resolve("run") : Path.of(home).toAbsolutePath();
  }

  /**
   * The stack on this machine.
   *
   * @throws IllegalStateException if none runs
   */
  public static RunningStack find() {
    Path file = StackFile.of(home());
    if (!Files.exists(file)) {
      throw new IllegalStateException(
          "The local stack is not running; start it with deploy/local/up");
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (String line : Directories.read(file).split("\n", -1)) {
      int equals = line.indexOf('=');
      values.put(line.substring(0, equals), line.substring(equals + 1).replace("\"", ""));
    }
    return new RunningStack(home(), values);
  }

  /** A value of {@code stack.env}. */
  public String get(String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalStateException(StackFile.of(home) + " has no " + name);
    }
    return value;
  }

  /** The bearer token of {@code admin}, {@code super-admin} or {@code none}. */
  public String token(String identity) {
    String key = Credentials.of(home).get(Credentials.SIGNING_KEY);
    return new Tokens(Tokens.key(key), get("ISSUER_URL")).token(identity, Tokens.roles(identity));
  }
}
