package io.whimbrel.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How a service is started: its package, its memory, and the variables that connect it. */
final class ServiceCommand {

  private final StackOptions options;
  private final Credentials credentials;

  ServiceCommand(StackOptions options, Credentials credentials) {
    this.options = options;
    this.credentials = credentials;
  }

  List<String> command(ServiceName service) {
    Path jar =
        Layout.project().resolve(service.directory()).resolve("target/quarkus-app/quarkus-run.jar");
    if (!Files.exists(jar)) {
      throw new IllegalStateException(
          "No "
              + jar
              + "; build it with ./mvnw -DskipTests package -pl "
              + service.directory()
              + " -am");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + service.heap());
    command.add("-XX:+UseSerialGC");
    if (options.quickStart()) {
      command.add("-XX:TieredStopAtLevel=1");
    }
    command.add("-XX:+ExitOnOutOfMemoryError");
    command.add("-jar");
    command.add(jar.toString());
    return command;
  }

  Map<String, String> environment(ServiceName service, StackPorts.ServicePorts ports) {
    Map<String, String> variables = new LinkedHashMap<>();
    // Local: nobody else on the network is to reach it.
    variables.put("QUARKUS_HTTP_HOST", "localhost");
    variables.put("QUARKUS_MANAGEMENT_HOST", "localhost");
    variables.put("QUARKUS_HTTP_PORT", Integer.toString(ports.http()));
    variables.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(ports.management()));
    variables.put("KAFKA_BOOTSTRAP_SERVERS", "localhost:" + options.ports().kafka());
    if (options.secure()) {
      variables.put("KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT");
      variables.put("WHIMBREL_KAFKA_USER", service.directory());
      variables.put("SMALLRYE_CONFIG_SOURCE_FILE_LOCATIONS", secrets(service).toString());
    }
    variables.put("QUARKUS_OIDC_AUTH_SERVER_URL", OidcProvider.issuer(options.ports().oidc()));
    String database = service.database();
    if (database != null) {
      variables.put(
          "QUARKUS_DATASOURCE_JDBC_URL",
          "jdbc:postgresql://localhost:" + options.ports().postgres() + "/" + database);
      variables.put("QUARKUS_DATASOURCE_USERNAME", database);
      variables.put("QUARKUS_DATASOURCE_PASSWORD", credentials.get(database));
    }
    if (service.seesTargets()) {
      variables.put("WHIMBREL_TARGETS_FILE", options.home().resolve("targets.yaml").toString());
      variables.put(LocalStack.MIGRATOR_PASSWORD, credentials.get(LocalStack.MIGRATOR));
      variables.put(LocalStack.READER_PASSWORD, credentials.get(LocalStack.READER));
    }
    if (service == ServiceName.GATEWAY || service == ServiceName.EXECUTOR) {
      variables.put("WHIMBREL_REQUESTS_GRANT_SECRET", credentials.get(Credentials.GRANT_SECRET));
    }
    switch (service) {
      case GATEWAY -> {
        variables.put("WHIMBREL_EXECUTOR_URL", url(ServiceName.EXECUTOR));
        variables.put("WHIMBREL_VALIDATION_URL", url(ServiceName.VALIDATION));
        variables.put("WHIMBREL_MONITORING_URL", url(ServiceName.MONITORING));
      }
      case EXECUTOR -> variables.put("MIGRATION_BACKUP_DIR", directory("backups"));
      case MONITORING -> {
        variables.put("MIGRATION_HEALTH_EXECUTOR_URL", management(ServiceName.EXECUTOR));
        variables.put("MIGRATION_HEALTH_VALIDATION_URL", management(ServiceName.VALIDATION));
        variables.put("MIGRATION_METRICS_DIR", directory("metrics"));
        variables.put("MIGRATION_ALERTS_DIR", directory("alerts"));
      }
      case VALIDATION -> {}
    }
    variables.putAll(options.environment());
    return variables;
  }

  /** A directory with a file per secret, as an orchestrator would mount it. */
  private Path secrets(ServiceName service) {
    Path directory = options.home().resolve("secrets").resolve(service.directory());
    Directories.writeSecret(
        directory.resolve("WHIMBREL_KAFKA_PASSWORD"), credentials.get(service.kafkaCredential()));
    return directory;
  }

  private String url(ServiceName service) {
    return "http://localhost:" + options.ports().of(service).http();
  }

  private String management(ServiceName service) {
    return "http://localhost:" + options.ports().of(service).management();
  }

  private String directory(String name) {
    return Directories.create(options.home().resolve(name)).toString();
  }
}
