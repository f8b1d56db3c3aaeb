package io.whimbrel.benchmark;

import java.util.Locale;

/** Whoever brings a database up to date. */
enum Contender {
  FLOOR,
  /** The floor with all scripts in one transaction. */
  FLOOR_TOGETHER,
  WHIMBREL,
  /** Whimbrel with all migrations in one transaction. */
  ATOMIC,
  FLYWAY;

  void migrate(Database database) throws Exception {
    switch (this) {
      case FLOOR -> Floor.migrate(database, false);
      case FLOOR_TOGETHER -> Floor.migrate(database, true);
      case WHIMBREL -> Engine.migrate(database, false);
      case ATOMIC -> Engine.migrate(database, true);
      case FLYWAY -> FlywayApi.migrate(database);
    }
  }

  /** As tables name it. */
  String label() {
    return switch (this) {
      case ATOMIC -> Measurements.WHIMBREL;
      case FLOOR_TOGETHER -> "floor, one transaction";
      default -> name().toLowerCase(Locale.ROOT);
    };
  }
}
