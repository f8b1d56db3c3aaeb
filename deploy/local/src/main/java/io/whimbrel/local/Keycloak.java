package io.whimbrel.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Keycloak with the realm of {@code deploy/keycloak}, from an unpacked distribution, with its data
 * in memory. The first start of a distribution prepares it, which takes as long again; {@link
 * #awaitReady()} waits for both.
 */
public final class Keycloak implements AutoCloseable {
  /** The administrator of all realms. */
  public static final String ADMIN = "keycloak-admin";

  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final String REALM = "whimbrel";

  /** What neither the realm nor its administration needs; the rest starts sooner without. */
  private static final String FEATURES_OFF =
      "admin,account,ciba,device-flow,impersonation,kerberos,par,passkeys,web-authn,organization";

  private final ChildProcess child;
  private final int port;
  private final String adminPassword;
  private final String pipelineSecret;

  private Keycloak(ChildProcess child, int port, String adminPassword, String pipelineSecret) {
    this.child = child;
    this.port = port;
    this.adminPassword = adminPassword;
    this.pipelineSecret = pipelineSecret;
  }

  /**
   * Starts it on a free port of this machine; does not wait.
   *
   * @param distribution unpacked; is changed
   */
  public static Keycloak start(Path distribution, Path log) {
    Path imports = Directories.create(distribution.resolve("data/import"));
    try {
      Files.copy(
          Layout.project().resolve("deploy/keycloak/whimbrel-realm.json"),
          imports.resolve("whimbrel-realm.json"),
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot hand the realm to Keycloak", e);
    }
    int port = Ports.free();
    String adminPassword = Secrets.random();
    String pipelineSecret = Secrets.random();
    Map<String, String> environment =
        Map.of(
            "JAVA_HOME", System.getProperty("java.home"),
            "JAVA_OPTS", "-Xmx400m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Dfile.encoding=UTF-8",
            "KC_BOOTSTRAP_ADMIN_USERNAME", ADMIN,
            "KC_BOOTSTRAP_ADMIN_PASSWORD", adminPassword,
            "WHIMBREL_PIPELINE_SECRET", pipelineSecret);
    List<String> command =
        List.of(
            "sh",
            distribution.resolve("bin/kc.sh").toString(),
            "start",
            "--import-realm",
            "--db=dev-mem",
            "--cache=local",
            "--features-disabled=" + FEATURES_OFF,
            "--http-enabled=true",
            "--http-host=localhost",
            "--http-port=" + port,
            "--hostname-strict=false");
    ChildProcess child =
        ChildProcess.start(
            new ChildProcess.Spec("keycloak", command, environment, distribution, log));
    return new Keycloak(child, port, adminPassword, pipelineSecret);
  }

  public void awaitReady() {
    Wait.until(child, PATIENCE, this::answers);
  }

  public String url() {
    return "http://localhost:" + port;
  }

  /** The issuer of the realm's tokens. */
  public String issuer() {
    return url() + "/realms/" + REALM;
  }

  public String adminPassword() {
    return adminPassword;
  }

  /** Of the client {@code release-pipeline}. */
  public String pipelineSecret() {
    return pipelineSecret;
  }

  private boolean answers() {
    try {
      URI discovery = URI.create(issuer() + "/.well-known/openid-configuration");
      HttpURLConnection connection = (HttpURLConnection) discovery.toURL().openConnection();
      connection.setConnectTimeout(1000);
      connection.setReadTimeout(3000);
      return connection.getResponseCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() {
    child.close();
  }
}
