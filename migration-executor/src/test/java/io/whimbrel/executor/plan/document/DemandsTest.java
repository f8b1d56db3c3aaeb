package io.whimbrel.executor.plan.document;

import static io.whimbrel.executor.impact.Facts.column;
import static io.whimbrel.executor.impact.Facts.constraint;
import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.PlannedChange;
import io.whimbrel.event.TableName;
import io.whimbrel.executor.impact.Facts;
import io.whimbrel.executor.rehearsal.facts.ConstraintState;
import io.whimbrel.executor.rehearsal.facts.ConstraintState.Kind;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DemandsTest {
  private static final TableName ITEM = new TableName("public", "item");
  private static final TableName SHOP = new TableName("public", "shop");
  private static final List<String> SKU = List.of("sku");
  private static final List<String> ID = List.of("id");

  record Case(String name, List<PlannedChange> demands, List<Facts> statements) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case of(String name, PlannedChange demand, Facts... statements) {
    return new Case(name, List.of(demand), List.of(statements));
  }

  private static Case nothing(String name, Facts... statements) {
    return new Case(name, List.of(), List.of(statements));
  }

  static Stream<Case> cases() {
    PlannedChange once = PlannedChange.unique(ITEM, SKU, false);
    PlannedChange there = PlannedChange.notNull(ITEM, SKU);
    PlannedChange shops = PlannedChange.foreignKey(ITEM, List.of("shop"), SHOP, ID);
    return Stream.of(
        of("not null", there, notNull("sku")),
        of("not null twice", there, notNull("sku"), notNull("sku")),
        of("type", PlannedChange.type(ITEM, "sku", "bigint"), type("sku", "bigint")),
        of("unique index", once, unique("sku", false, "(sku)")),
        of(
            "unique, nulls too",
            PlannedChange.unique(ITEM, SKU, true),
            unique("sku", false, "(sku) NULLS NOT DISTINCT")),
        nothing("unique where a condition holds", unique("sku", true, "(sku) WHERE x")),
        nothing("unique by an expression", unique("", false, "(lower(sku))")),
        of("primary key", once, made(Kind.PRIMARY_KEY, true)),
        of("unique constraint", once, made(Kind.UNIQUE, true)),
        of("not null as a constraint", there, made(Kind.NOT_NULL, true)),
        nothing("not null, not valid", made(Kind.NOT_NULL, false)),
        nothing("check", made(Kind.CHECK, true)),
        nothing("exclusion", made(Kind.EXCLUSION, true)),
        of("foreign key", shops, reference(true)),
        nothing("foreign key, not valid", reference(false)),
        of(
            "foreign key that is validated later",
            shops,
            reference(false),
            Facts.of("ALTER TABLE").constraint(key(false), key(true))),
        nothing(
            "constraint that was valid before",
            Facts.of("ALTER TABLE").constraint(key(true), key(true))),
        nothing(
            "new column", Facts.of("ALTER TABLE").column(null, column(ITEM, "sku", "text", true))),
        nothing(
            "key over a new column",
            Facts.of("ALTER TABLE").column(null, column(ITEM, "sku", "text", false)),
            made(Kind.UNIQUE, true)),
        of(
            "renamed before",
            there,
            Facts.of("ALTER TABLE")
                .column(column(ITEM, "sku", "text", false), column(ITEM, "code", "text", false)),
            notNull("code")),
        nothing("written before", Facts.of("UPDATE").writes(ITEM), notNull("sku")),
        of("written after", there, notNull("sku"), Facts.of("UPDATE").writes(ITEM)),
        of("another written before", there, Facts.of("UPDATE").writes(SHOP), notNull("sku")),
        nothing("parent written before", Facts.of("INSERT").writes(SHOP), reference(true)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void whatIsDemandedOfRowsThatAreThere(Case each) {
    assertThat(
            Demands.of(List.of(Facts.script("V1__a.sql", each.statements().toArray(Facts[]::new)))))
        .containsExactlyElementsOf(each.demands());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void scriptsOfOneStatementEachComeToTheSame(Case each) {
    assertThat(
            Demands.of(
                each.statements().stream().map(one -> Facts.script("V1__a.sql", one)).toList()))
        .containsExactlyElementsOf(each.demands());
  }

  private static Facts notNull(String name) {
    return Facts.of("ALTER TABLE")
        .column(column(ITEM, name, "text", false), column(ITEM, name, "text", true));
  }

  private static Facts type(String name, String type) {
    return Facts.of("ALTER TABLE")
        .column(column(ITEM, name, "text", false), column(ITEM, name, type, false));
  }

  private static Facts unique(String column, boolean partial, String keys) {
    return Facts.of("CREATE INDEX")
        .index(
            Facts.unique(
                ITEM,
                "once",
                List.of(column),
                partial,
                "CREATE UNIQUE INDEX once ON item USING btree " + keys));
  }

  private static Facts made(Kind kind, boolean valid) {
    ConstraintState made = constraint(ITEM, kind, SKU, "");
    return Facts.of("ALTER TABLE").constraint(null, valid ? made : unchecked(made));
  }

  private static Facts reference(boolean valid) {
    return Facts.of("ALTER TABLE").constraint(null, key(valid));
  }

  private static ConstraintState key(boolean valid) {
    ConstraintState key = Facts.foreignKey(ITEM, List.of("shop"), SHOP, ID, "");
    return valid ? key : unchecked(key);
  }

  private static ConstraintState unchecked(ConstraintState state) {
    return new ConstraintState(
        state.name(),
        state.table(),
        state.onTarget(),
        state.kind(),
        false,
        state.columns(),
        state.references(),
        state.referencesOnTarget(),
        state.referencedColumns(),
        state.index(),
        state.definition());
  }
}
