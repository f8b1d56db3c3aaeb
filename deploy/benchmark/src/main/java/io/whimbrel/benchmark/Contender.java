package io.whimbrel.benchmark;

import java.util.Locale;

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

  /** As tables name it. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
