package io.whimbrel.benchmark;

import java.nio.file.Files;
import org.flywaydb.core.Flyway;

/** Flyway as a library, as it is without any setting. */
final class FlywayApi {

  private FlywayApi() {}

  static void migrate(Database database) throws Exception {
    Flyway.configure()
        .dataSource(database.url(), database.user(), Files.readString(database.passwordFile()))
        .locations("filesystem:" + database.catalog())
        .load()
        .migrate();
  }
}
