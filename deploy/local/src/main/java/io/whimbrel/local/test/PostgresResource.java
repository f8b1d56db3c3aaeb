package io.whimbrel.local.test;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.whimbrel.local.EmbeddedPostgres;
import java.util.Map;

/**
 * An empty database, owned by a user of the same name, as the service's data source. The argument
 * {@code database} names it.
 */
public final class PostgresResource implements QuarkusTestResourceLifecycleManager {

  private String database = "test";

  @Override
  public void init(Map<String, String> arguments) {
    database = arguments.getOrDefault("database", database);
  }

  @Override
  public Map<String, String> start() {
    String url = EmbeddedPostgres.shared().createDatabase(database, database, database);
    return Map.of(
        "quarkus.datasource.jdbc.url", url,
        "quarkus.datasource.username", database,
        "quarkus.datasource.password", database);
  }

  @Override
  public void stop() {}
}
