package io.whimbrel.executor.plan.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.rehearsal.facts.Change;
import io.whimbrel.executor.rehearsal.facts.Changes;
import io.whimbrel.executor.rehearsal.facts.ColumnState;
import io.whimbrel.executor.rehearsal.facts.ConstraintState;
import io.whimbrel.executor.rehearsal.facts.OtherState;
import io.whimbrel.executor.rehearsal.facts.RelationState;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the page of a plan says of a statement that changes the structure. */
class ChangedObjectsTest {
  private static final TableName PURCHASE = new TableName("public", "purchase");

  @Test
  void aNewTableIsToldWithoutItsParts() {
    Changes changes =
        new Changes(
            List.of(
                new Change<>(null, relation("purchase_id_seq", RelationState.Kind.SEQUENCE)),
                new Change<>(null, relation("purchase", RelationState.Kind.TABLE))),
            List.of(new Change<>(null, column("id", "bigint", true, null))),
            List.of(),
            List.of(new Change<>(null, constraint("purchase_pkey", true))),
            List.of());
    assertThat(ChangedObjects.words(changes)).containsExactly("creates table `public.purchase`");
  }

  @Test
  void aSequenceOfItsOwnIsTold() {
    Changes changes =
        new Changes(
            List.of(new Change<>(null, relation("ticket", RelationState.Kind.SEQUENCE))),
            List.of(),
            List.of(),
            List.of(),
            List.of());
    assertThat(ChangedObjects.words(changes)).containsExactly("creates sequence `public.ticket`");
  }

  @Test
  void columnsAreToldByWhatBecomesOfThem() {
    ColumnState total = column("total", "integer", false, null);
    assertThat(
            ChangedObjects.words(
                new Changes(
                    List.of(),
                    List.of(
                        new Change<>(null, column("status", "text", false, null)),
                        new Change<>(total, null),
                        new Change<>(total, column("amount", "integer", false, null)),
                        new Change<>(total, column("total", "bigint", true, "0")),
                        new Change<>(column("total", "integer", true, "0"), total)),
                    List.of(),
                    List.of(),
                    List.of())))
        .containsExactly(
            "adds `public.purchase.status`",
            "drops `public.purchase.total`",
            "renames `public.purchase.total` to `amount`",
            "makes `public.purchase.total` `bigint`, forbids NULL in `public.purchase.total`,"
                + " changes the default of `public.purchase.total`",
            "allows NULL in `public.purchase.total`,"
                + " takes the default of `public.purchase.total` away");
  }

  @Test
  void constraintsAreToldWithWhetherTheyHold() {
    ConstraintState open = constraint("total_known", false);
    Changes changes =
        new Changes(
            List.of(),
            List.of(),
            List.of(),
            List.of(new Change<>(null, open), new Change<>(open, constraint("total_known", true))),
            List.of(
                new Change<>(
                    null, new OtherState(OtherState.Kind.TRIGGER, "audit", PURCHASE, "..."))));
    assertThat(ChangedObjects.words(changes))
        .containsExactly(
            "adds constraint `total_known` of `public.purchase`, not validated",
            "validates constraint `total_known` of `public.purchase`",
            "creates trigger `audit` of `public.purchase`");
  }

  private static RelationState relation(String name, RelationState.Kind kind) {
    return new RelationState(new TableName("public", name), null, kind, true, false, null, null);
  }

  private static ColumnState column(
      String name, String type, boolean notNull, @Nullable String defaultValue) {
    return new ColumnState(
        PURCHASE, PURCHASE, name, 1, type, notNull, defaultValue, null, null, null, false);
  }

  private static ConstraintState constraint(String name, boolean validated) {
    return new ConstraintState(
        name,
        PURCHASE,
        PURCHASE,
        ConstraintState.Kind.CHECK,
        validated,
        List.of("total"),
        null,
        null,
        List.of(),
        null,
        "CHECK (total > 0)");
  }
}
