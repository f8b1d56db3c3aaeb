package io.whimbrel.executor.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.run.RunPlan.PlannedMigration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunPlanTest {
  private static final TableName TOUCHED = new TableName("public", "touched");
  private static final TableName CREATED = new TableName("public", "created");
  private static final TableName OTHER = new TableName("public", "other");

  @Test
  void whatWasMeasuredLimitsWhatMayHaveBeenTouched() {
    assertThat(plan(true, 1).mayHaveTouched(List.of(TOUCHED, CREATED, OTHER)))
        .containsExactly(TOUCHED, CREATED);
    assertThat(plan(true, 1).mayHaveTouched(List.of(OTHER))).isEmpty();
  }

  @Test
  void withoutARehearsalAnyTableMayHaveBeenTouched() {
    assertThat(plan(false, 1).mayHaveTouched(List.of(TOUCHED, CREATED, OTHER)))
        .containsExactly(TOUCHED, CREATED, OTHER);
  }

  @Test
  void itSaysWhatIsDone() {
    assertThat(plan(true, 0).done(false)).isEqualTo("Nothing was pending");
    assertThat(plan(true, 1).done(false)).isEqualTo("Applied 1 migration");
    assertThat(plan(true, 2).done(true)).isEqualTo("Applied 2 migrations in one transaction");
  }

  private static RunPlan plan(boolean measured, int migrations) {
    return new RunPlan(
        Collections.nCopies(
            migrations,
            new PlannedMigration("V1__a.sql", "VERSIONED", "1", "a", 1, false, null, null)),
        List.of(TOUCHED),
        List.of(CREATED),
        List.of(),
        measured,
        "",
        List.of(),
        List.of(),
        List.of(),
        null,
        null);
  }
}
