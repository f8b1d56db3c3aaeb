package io.whimbrel.benchmark;

import io.whimbrel.local.EmbeddedPostgres;
import io.whimbrel.target.Login;
import io.whimbrel.target.Policy;
import io.whimbrel.target.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A server that writes to disk before it answers, for one measurement. */
final class OwnServer {

  private OwnServer() {}

  /** What is measured on it, with a directory that both share. */
  interface Work {
    void on(EmbeddedPostgres server, Path home) throws Exception;
  }

  /** Starts it, has the work done, and leaves nothing of either. */
  static void with(Work work) throws Exception {
    Path home = Files.createTempDirectory("whimbrel-benchmark-");
    EmbeddedPostgres server = EmbeddedPostgres.durable(home);
    try {
      work.on(server, home);
    } finally {
      server.close();
      Benchmark.delete(home);
    }
  }

  /** A target as the targets file gives it to whoever says nothing more. */
  static Target target(String name, String url, Path catalog, Login login) {
    return new Target(
        name,
        url,
        List.of(catalog),
        "flyway",
        login,
        login,
        List.of("public"),
        Map.of(),
        false,
        "1",
        false,
        Policy.DEFAULT);
  }
}
