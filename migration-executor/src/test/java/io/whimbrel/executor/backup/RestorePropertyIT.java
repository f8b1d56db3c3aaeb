package io.whimbrel.executor.backup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever the schema, and whatever was done to it: a restore gives back what the backup saw. To
 * see one case again, give its seed with {@code -Dbackup.seed}.
 */
class RestorePropertyIT {
  private static final int SCHEMAS = 20;
  private static final int DAMAGES = 5;

  @TempDir Path directory;

  @Test
  void anyDamageToAnySchemaIsTakenBack() throws Exception {
    TestDatabase database = TestDatabase.create();
    Long seed = Long.getLong("backup.seed");
    long[] seeds = seed == null ? LongStream.range(0, SCHEMAS).toArray() : new long[] {seed};
    var wrong = new ArrayList<String>();
    for (long one : seeds) {
      check(database, one).ifPresent(wrong::add);
    }
    assertThat(wrong).isEmpty();
  }

  /** One backup takes back one damage after the other, as each restore ends where it began. */
  private Optional<String> check(TestDatabase database, long seed) throws Exception {
    var schema = new GeneratedSchema(seed);
    database.run(schema.creation().toArray(String[]::new));
    Trial trial =
        Trial.of(
            database,
            List.of(GeneratedSchema.NAME),
            schema.tables(),
            directory.resolve("seed" + seed));
    for (int i = 0; i < DAMAGES; i++) {
      List<String> script = schema.damage();
      try {
        trial.restore(trial.damage(script, true));
        trial.isAsBefore();
      } catch (SQLException | RestoreFailed | WrittenByOthers | AssertionError e) {
        return Optional.of("seed %d, damage %d, %s: %s".formatted(seed, i, script, e));
      }
    }
    return Optional.empty();
  }
}
