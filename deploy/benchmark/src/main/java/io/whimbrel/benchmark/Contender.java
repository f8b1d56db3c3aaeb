package io.whimbrel.benchmark;

import java.util.Locale;

/** Whoever brings a database up to date. */
enum Contender {
  FLOOR,
  WHIMBREL,
  /** Whimbrel with all migrations in one transaction. */
  ATOMIC,
  FLYWAY;

  void migrate(Database database) throws Exception {
    switch (this) {
      case FLOOR -> Floor.migrate(database);
      case WHIMBREL -> Engine.migrate(database, false);
      case ATOMIC -> Engine.migrate(database, true);
      case FLYWAY -> FlywayApi.migrate(database);
    }
  }

  /** As tables name it. */
  String label() {
    return this == ATOMIC ? Measurements.WHIMBREL : name().toLowerCase(Locale.ROOT);
  }
}
