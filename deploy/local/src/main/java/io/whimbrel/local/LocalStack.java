package io.whimbrel.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * The whole suite on one machine: PostgreSQL, Kafka, the identity provider and the services, each a
 * process of its own. Everything ends with {@link #close()} or with this JVM.
 */
public final class LocalStack implements AutoCloseable {

  /** Owns the targets and may create databases, for rehearsals. */
  public static final String MIGRATOR = "migrator";

  /** Reads everything and changes nothing. */
  public static final String READER = "reader";

  /** The variable of the services with the migrator's password, for {@code targets.yaml}. */
  public static final String MIGRATOR_PASSWORD = "LOCAL_MIGRATOR_PASSWORD";

  /** The variable of the services with the reader's password, for {@code targets.yaml}. */
  public static final String READER_PASSWORD = "LOCAL_READER_PASSWORD";

  private final StackOptions options;
  private final Credentials credentials;
  private final Ledger ledger;
  private final Path logs;
  private final Infrastructure infrastructure;
  private final TargetsFile targets;
  private final Map<ServiceName, ServiceProcess> services = new LinkedHashMap<>();
  private final List<ServiceProcess> more = new CopyOnWriteArrayList<>();

  private LocalStack(StackOptions options) {
    this.options = options;
    this.logs = Directories.create(options.home().resolve("log"));
    this.ledger = new Ledger(options.home().resolve("pids"));
    this.credentials = Credentials.of(options.home());
    this.infrastructure = new Infrastructure(options, credentials, ledger, logs);
    this.targets = new TargetsFile(options.home().resolve("targets.yaml"));
  }

  /** Returns when everything is ready; when something is not, stops what was started. */
  public static LocalStack start(StackOptions options) {
    LocalStack stack = new LocalStack(options);
    try {
      stack.start();
      return stack;
    } catch (RuntimeException e) {
      stack.close();
      throw e;
    }
  }

  private void start() {
    int left = ledger.endLeftovers();
    if (left > 0) {
      options.report().accept("Ended " + left + " processes that an earlier start had left.");
    }
    StackFile.remove(options.home());
    setAsideLogs();
    options.report().accept("Waiting for PostgreSQL, Kafka and the identity provider");
    infrastructure.start();
    SortedSet<Path> catalogue =
        DemoTarget.extractCatalogue(options.home().resolve("catalog/conductor"));
    catalogue.add(Layout.module().resolve("demo-migrations"));
    targets.put(DemoTarget.NAME, postgres().url(DemoTarget.NAME), catalogue);
    if (!options.services().isEmpty()) {
      options.report().accept("Waiting for the services");
      options.services().forEach(name -> services.put(name, process(name, name.directory())));
      services.values().forEach(ServiceProcess::start);
      long begin = System.nanoTime();
      services.values().parallelStream().forEach(service -> awaitReady(service, begin));
    }
    StackFile.write(this);
  }

  public Path home() {
    return options.home();
  }

  public String gatewayUrl() {
    return "http://localhost:" + options.ports().of(ServiceName.GATEWAY).http();
  }

  public String issuerUrl() {
    return OidcProvider.issuer(options.ports().oidc());
  }

  /** The bearer token of {@code admin}, {@code super-admin} or {@code none}. */
  public String token(String identity) {
    return new Tokens(Tokens.key(credentials.get(Credentials.SIGNING_KEY)), issuerUrl())
        .token(identity, Tokens.roles(identity));
  }

  public EmbeddedPostgres postgres() {
    return infrastructure.postgres();
  }

  public KafkaBroker kafka() {
    return infrastructure.kafka();
  }

  /** What a service logs in to Kafka with, as a client has to be configured. */
  public Map<String, Object> kafkaSettings(String directory) {
    return kafka()
        .clientSettings(directory, credentials.get(ServiceName.of(directory).kafkaCredential()));
  }

  /** An instance by the directory of its service, e.g. {@code migration-executor}. */
  public ServiceProcess service(String directory) {
    ServiceProcess service = services.get(ServiceName.of(directory));
    if (service == null) {
      throw new IllegalArgumentException(directory + " was not started");
    }
    return service;
  }

  public Collection<ServiceProcess> services() {
    return services.values();
  }

  /** One more instance of a service, on ports of its own; returns when it is ready. */
  public ServiceProcess startSecond(String directory) {
    ServiceProcess second = startSecond(directory, Map.of());
    second.awaitReady();
    return second;
  }

  /**
   * The same, without waiting for it.
   *
   * @param environment of it, over what the stack sets
   */
  public ServiceProcess startSecond(String directory, Map<String, String> environment) {
    ServiceName name = ServiceName.of(directory);
    String label = directory + "-" + (more.size() + 2);
    ServiceProcess second = process(name, label, StackPorts.ServicePorts.free(), environment);
    more.add(second);
    second.start();
    return second;
  }

  /**
   * An empty database of the migrator as a target of that name.
   *
   * @param catalogue directories with its scripts
   */
  public void createTarget(String name, Collection<Path> catalogue) {
    postgres().dropDatabase(name);
    postgres().ensureDatabase(name, MIGRATOR);
    targets.put(name, postgres().url(name), catalogue);
  }

  public Path targetsFile() {
    return targets.path();
  }

  public Path backups() {
    return options.home().resolve("backups");
  }

  public String migratorPassword() {
    return credentials.get(MIGRATOR);
  }

  /**
   * Stops the services, then what they need; with its data to go as well, it need not be gentle.
   */
  @Override
  public void close() {
    List<ServiceProcess> all = Stream.concat(services.values().stream(), more.stream()).toList();
    if (options.disposable()) {
      all.stream().filter(ServiceProcess::running).forEach(ServiceProcess::kill);
    }
    all.forEach(ServiceProcess::askToStop);
    all.forEach(ServiceProcess::stop);
    infrastructure.close();
    StackFile.remove(options.home());
    ledger.clear();
    if (options.disposable()) {
      Directories.delete(options.home());
    }
  }

  private ServiceProcess process(ServiceName name, String label) {
    return process(name, label, options.ports().of(name), Map.of());
  }

  private ServiceProcess process(
      ServiceName name,
      String label,
      StackPorts.ServicePorts ports,
      Map<String, String> environment) {
    ServiceCommand service = new ServiceCommand(options, credentials);
    Map<String, String> variables = new LinkedHashMap<>(service.environment(name, ports));
    variables.putAll(environment);
    return new ServiceProcess(
        label, service.command(name), variables, logs.resolve(label + ".log"), ports, ledger::add);
  }

  private void awaitReady(ServiceProcess service, long begin) {
    service.awaitReady();
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    options.report().accept(Lines.ready(service.name(), took));
  }

  /** The logs of the start before are kept, those before that are not. */
  private void setAsideLogs() {
    for (Path log : Directories.list(logs)) {
      if (log.toString().endsWith(".log") && !log.endsWith("build.log")) {
        try {
          Files.move(
              log,
              log.resolveSibling(log.getFileName() + ".1"),
              StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }
}
