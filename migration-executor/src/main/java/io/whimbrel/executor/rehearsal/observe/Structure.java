package io.whimbrel.executor.rehearsal.observe;

import io.whimbrel.executor.rehearsal.facts.Change;
import io.whimbrel.executor.rehearsal.facts.Changes;
import io.whimbrel.executor.rehearsal.facts.ColumnState;
import io.whimbrel.executor.rehearsal.facts.ConstraintState;
import io.whimbrel.executor.rehearsal.facts.IndexState;
import io.whimbrel.executor.rehearsal.facts.OtherState;
import io.whimbrel.executor.rehearsal.facts.RelationState;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The structure of the scratch database, kept in step with it by reading what may have changed. */
final class Structure {
  private static final int TYPES_OF_A_TABLE = 2;

  private final Connection connection;
  private final Names names = new Names();
  private final RelationRows relationRows = new RelationRows(names);
  private final ColumnRows columnRows = new ColumnRows(names);
  private final IndexRows indexRows = new IndexRows(names);
  private final ConstraintRows constraintRows = new ConstraintRows(names);
  private final Shelf<RelationState> relations = new Shelf<>();
  private final Shelf<ColumnState> columns = new Shelf<>();
  private final Shelf<IndexState> indexes = new Shelf<>();
  private final Shelf<ConstraintState> constraints = new Shelf<>();
  private final Map<OtherState.Kind, Shelf<OtherState>> others =
      new EnumMap<>(OtherState.Kind.class);

  /** What has become another since the last look. */
  record Step(
      List<Difference<RelationState>> relations,
      List<Difference<ColumnState>> columns,
      List<Difference<IndexState>> indexes,
      List<Difference<ConstraintState>> constraints,
      List<Difference<OtherState>> others) {

    /** What is worth telling of it: not what goes with a table that is dropped. */
    Changes changes() {
      Set<Long> dropped =
          relations.stream()
              .filter(Difference::dropped)
              .map(Difference::table)
              .collect(Collectors.toSet());
      return new Changes(
          told(relations, one -> true),
          told(columns, kept(dropped)),
          told(Remade.without(indexes, IndexState::definition), kept(dropped)),
          told(Remade.without(constraints, ConstraintState::definition), kept(dropped)),
          told(others, kept(dropped)));
    }

    private static <S> Predicate<Difference<S>> kept(Set<Long> dropped) {
      return one -> !dropped.contains(one.table());
    }

    private static <S> List<Change<S>> told(
        List<Difference<S>> differences, Predicate<Difference<S>> such) {
      return differences.stream()
          .filter(such)
          .filter(Difference::visible)
          .map(Difference::change)
          .toList();
    }
  }

  /** Begins with what is there now. */
  Structure(Connection connection) throws SQLException {
    this.connection = connection;
    relations.replace(null, relationRows.read(connection, null));
    names.begin();
    // Once more, as names on the target are known by now.
    readAgain(false);
    indexRows.begin();
  }

  Names names() {
    return names;
  }

  @Nullable String indexName(long index) {
    CatalogueRow<IndexState> row = indexes.get(index);
    return row == null ? null : row.state().name();
  }

  boolean isTable(long relation) {
    CatalogueRow<RelationState> row = relations.get(relation);
    return row != null && row.state().kind() != RelationState.Kind.SEQUENCE;
  }

  /** Reads everything again. */
  Step readAgain(boolean outsideTransaction) throws SQLException {
    indexRows.alone(outsideTransaction);
    List<Difference<OtherState>> changed = new ArrayList<>();
    Step step =
        new Step(
            relations.replace(null, relationRows.read(connection, null)),
            columns.replace(null, columnRows.read(connection, null)),
            indexes.replace(null, indexRows.read(connection, null)),
            constraints.replace(null, constraintRows.read(connection, null)),
            changed);
    indexRows.alone(false);
    for (OtherState.Kind kind : OtherState.Kind.values()) {
      changed.addAll(readAllOthers(kind));
    }
    return step;
  }

  /**
   * Reads what a statement may have changed: by the catalogues it wrote, of what it has locked.
   *
   * @param grants whether it may have granted privileges, which locks nothing
   */
  Step readAfter(Look before, Look now, boolean grants) throws SQLException {
    if (now.wroteSince(before, "pg_namespace")) {
      return readAgain(false);
    }
    Set<Long> tables = now.held().stream().map(Look.Held::table).collect(Collectors.toSet());
    List<Difference<OtherState>> changed = new ArrayList<>();
    Step step =
        new Step(
            now.wroteSince(before, "pg_class", "pg_inherits", "pg_rewrite", "pg_sequence")
                ? read(relations, relationRows, tables)
                : List.of(),
            now.wroteSince(before, "pg_attribute", "pg_attrdef")
                ? read(columns, columnRows, tables)
                : List.of(),
            now.wroteSince(before, "pg_index", "pg_class")
                ? read(indexes, indexRows, tables)
                : List.of(),
            now.wroteSince(before, "pg_constraint")
                ? read(constraints, constraintRows, tables)
                : List.of(),
            changed);
    for (OtherState.Kind kind : OtherState.Kind.values()) {
      if (kind == OtherState.Kind.GRANT
          ? grants && now.wroteSince(before, GrantRows.CATALOGUES)
          : mayHaveChanged(kind, step, before, now)) {
        changed.addAll(
            now.wroteSince(before, "pg_default_acl")
                ? readAllOthers(kind)
                : readOthers(kind, tables));
      }
    }
    return step;
  }

  // Every table has a type of its own and an array of it, and constraints are mostly of tables;
  // what these explain needs no look at all the types.
  private static boolean mayHaveChanged(OtherState.Kind kind, Step step, Look before, Look now) {
    if (kind != OtherState.Kind.TYPE && kind != OtherState.Kind.DOMAIN) {
      return now.wroteSince(before, OtherRows.catalogues(kind));
    }
    long tables =
        step.relations().stream()
            .filter(one -> one.created() || one.dropped())
            .filter(one -> one.change().either().kind() != RelationState.Kind.SEQUENCE)
            .count();
    return now.rowsSince(before, "pg_type") != tables * TYPES_OF_A_TABLE
        || (kind == OtherState.Kind.DOMAIN
            && step.constraints().isEmpty()
            && now.wroteSince(before, "pg_constraint"));
  }

  private List<Difference<OtherState>> readOthers(OtherState.Kind kind, Set<Long> tables)
      throws SQLException {
    return switch (kind) {
      case GRANT ->
          shelf(kind)
              .update(
                  new GrantRows(names).touched(connection), state -> state.definition() != null);
      case COMMENT -> {
        Set<Long> of = new HashSet<>(tables);
        of.add(CommentRows.ON_NO_RELATION);
        yield read(shelf(kind), OtherRows.of(kind, names), of);
      }
      default -> read(shelf(kind), OtherRows.of(kind, names), null);
    };
  }

  private List<Difference<OtherState>> readAllOthers(OtherState.Kind kind) throws SQLException {
    List<Difference<OtherState>> changed = read(shelf(kind), OtherRows.of(kind, names), null);
    // Privileges that are gone with what they were on are not told.
    return kind == OtherState.Kind.GRANT
        ? changed.stream().filter(one -> !one.dropped() || GrantRows.ofDefaults(one)).toList()
        : changed;
  }

  private Shelf<OtherState> shelf(OtherState.Kind kind) {
    return others.computeIfAbsent(kind, any -> new Shelf<>());
  }

  private <S> List<Difference<S>> read(
      Shelf<S> shelf, CatalogueRows<S> rows, @Nullable Set<Long> tables) throws SQLException {
    return shelf.replace(tables, rows.read(connection, tables));
  }
}
