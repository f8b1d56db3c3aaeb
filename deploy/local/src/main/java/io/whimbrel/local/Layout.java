package io.whimbrel.local;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where things lie in the project, found from where this class was loaded. */
public final class Layout {

  private Layout() {}

  /** {@code deploy/local}. */
  public static Path module() {
    try {
      Path code = Path.of(Layout.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path target = code.getParent();
      if (target == null || target.getParent() == null || !target.endsWith("target")) {
        throw new IllegalStateException(
            "local-stack runs from its build directory, not from " + code);
      }
      return target.getParent();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The directory of the root POM. */
  public static Path project() {
    return module().resolve("../..").normalize();
  }

  static Path target() {
    return module().resolve("target");
  }

  /** The definitions of the topics. */
  public static Path topics() {
    return project().resolve("deploy/kafka/topics.yaml");
  }

  /** Who may do what on Kafka. */
  public static Path acls() {
    return project().resolve("deploy/kafka/acls.yaml");
  }

  /** The part of a broker's configuration that guards it. */
  static Path kafkaAccess() {
    return project().resolve("deploy/kafka/access.properties");
  }

  static Path kafkaJars() {
    return existing(module().resolve("kafka/target/lib"), "the jars of Kafka");
  }

  private static Path existing(Path path, String what) {
    if (!Files.isDirectory(path)) {
      throw new IllegalStateException(
          "No " + path + " with " + what + "; run ./mvnw -pl deploy/local -am process-resources");
    }
    return path;
  }
}
