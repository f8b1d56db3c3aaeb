package io.whimbrel.benchmark;

/** Whoever brings a database up to date. */
enum Contender {
  FLOOR,
  WHIMBREL,
  FLYWAY;

  void migrate(Database database) throws Exception {
    switch (this) {
      case FLOOR -> Floor.migrate(database);
      case WHIMBREL -> Engine.migrate(database);
      case FLYWAY -> FlywayApi.migrate(database);
    }
  }
}
