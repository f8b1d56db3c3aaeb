package io.whimbrel.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the services need: PostgreSQL with their databases, Kafka with its topics, tokens. */
final class Infrastructure {

  private final StackOptions options;
  private final Credentials credentials;
  private final Ledger ledger;
  private final Path logs;

  private volatile @Nullable EmbeddedPostgres postgres;
  private volatile @Nullable KafkaBroker kafka;
  private volatile @Nullable ChildProcess oidc;

  Infrastructure(StackOptions options, Credentials credentials, Ledger ledger, Path logs) {
    this.options = options;
    this.credentials = credentials;
    this.ledger = ledger;
    this.logs = logs;
  }

  /** Starts all three at once; what was started before one of them failed is left to close. */
  void start() {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      CompletableFuture.allOf(
              run(threads, "PostgreSQL", this::startPostgres),
              run(threads, "Kafka", this::startKafka),
              run(threads, "Identity provider", this::startOidc))
          .join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    } finally {
      threads.shutdown();
    }
  }

  EmbeddedPostgres postgres() {
    return started(postgres, "PostgreSQL");
  }

  KafkaBroker kafka() {
    return started(kafka, "Kafka");
  }

  void close() {
    end(oidc, ChildProcess::close);
    end(kafka, KafkaBroker::close);
    end(postgres, EmbeddedPostgres::close);
  }

  private CompletableFuture<Void> run(ExecutorService threads, String what, Runnable start) {
    return CompletableFuture.runAsync(
        () -> {
          Duration took = timed(start);
          options.report().accept(Lines.ready(what, took));
        },
        threads);
  }

  static Duration timed(Runnable action) {
    long begin = System.nanoTime();
    action.run();
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  private void startPostgres() {
    EmbeddedPostgres server =
        EmbeddedPostgres.durable(
            options.home().resolve("postgres"),
            options.ports().postgres(),
            logs.resolve("postgres.log"),
            options.disposable() ? options.home().toString() : "",
            ledger::add);
    postgres = server;
    for (ServiceName service : ServiceName.values()) {
      String database = service.database();
      if (database != null) {
        server.createUser(database, credentials.get(database), "");
        server.ensureDatabase(database, database);
      }
    }
    server.createUser(LocalStack.MIGRATOR, credentials.get(LocalStack.MIGRATOR), "CREATEDB");
    server.createUser(LocalStack.READER, credentials.get(LocalStack.READER), "");
    // To name who holds a lock, sessions of others have to be seen.
    server.execute("postgres", "GRANT pg_read_all_stats TO " + LocalStack.MIGRATOR);
    server.execute("postgres", "GRANT pg_read_all_data TO " + LocalStack.READER);
    server.execute(
        "postgres", "ALTER ROLE " + LocalStack.READER + " SET default_transaction_read_only = on");
    server.ensureDatabase(DemoTarget.NAME, LocalStack.MIGRATOR);
  }

  private void startKafka() {
    KafkaBroker broker =
        KafkaBroker.durable(
            Directories.create(options.home().resolve("kafka")),
            options.ports().kafka(),
            options.ports().kafkaController(),
            logs.resolve("kafka.log"),
            door(),
            ledger::add);
    kafka = broker;
    Map<String, String> passwords = new HashMap<>();
    if (options.secure()) {
      for (ServiceName service : ServiceName.values()) {
        passwords.put(service.directory(), credentials.get(service.kafkaCredential()));
      }
    }
    setUp(broker, passwords);
  }

  private KafkaDoor door() {
    return options.secure()
        ? KafkaDoor.guarded(credentials.get(Credentials.KAFKA_ADMIN))
        : KafkaDoor.open();
  }

  private void setUp(KafkaBroker broker, Map<String, String> passwords) {
    try (KafkaSetup setup = new KafkaSetup(broker.adminSettings())) {
      setup.createTopics(Layout.topics(), "local");
      if (options.secure()) {
        setup.setPasswords(passwords);
        setup.setRights(Layout.acls());
      }
    }
  }

  private void startOidc() {
    int port = options.ports().oidc();
    List<String> command =
        Commands.java(
            List.of(
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"),
            System.getProperty("java.class.path"),
            OidcMain.class.getName(),
            Integer.toString(port),
            options.home().toString());
    ChildProcess child =
        ChildProcess.start(
            new ChildProcess.Spec(
                "oidc", command, Map.of(), options.home(), logs.resolve("oidc.log")));
    ledger.add(child);
    oidc = child;
    Wait.until(child, Duration.ofMinutes(1), () -> Ports.answers(port));
  }

  private static <T> T started(@Nullable T part, String name) {
    return Optional.ofNullable(part)
        .orElseThrow(() -> new IllegalStateException(name + " is not running"));
  }

  private static <T> void end(@Nullable T part, Consumer<T> close) {
    if (part != null) {
      close.accept(part);
    }
  }
}
