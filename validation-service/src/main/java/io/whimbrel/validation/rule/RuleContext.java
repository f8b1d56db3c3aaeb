package io.whimbrel.validation.rule;

import io.whimbrel.event.Phase;
import io.whimbrel.event.PlannedChange;
import io.whimbrel.event.Severity;
import io.whimbrel.event.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a rule has at hand to decide what to look at: the catalogue, the tables, the mode. */
public final class RuleContext {

  /** Reads something to look at; empty when it is not in the scope. */
  interface SubjectReader<T> {
    Optional<T> read(ResultSet row, Scope scope) throws SQLException;
  }

  private final Connection connection;
  private final Scope scope;
  private final Mode mode;
  private final Declared declared;
  private final Occasion occasion;
  private final List<Obstacle> obstacles = new ArrayList<>();

  /** The connection is in a transaction; it stays there. */
  public RuleContext(
      Connection connection, Scope scope, Mode mode, Declared declared, Occasion occasion) {
    this.connection = connection;
    this.scope = scope;
    this.mode = mode;
    this.declared = declared;
    this.occasion = occasion;
  }

  Scope scope() {
    return scope;
  }

  Mode mode() {
    return mode;
  }

  Declarations declarations() {
    return declared.declarations();
  }

  Declared declared() {
    return declared;
  }

  Phase phase() {
    return occasion.phase();
  }

  /** What the run is about to ask of tables that are there. */
  List<Planned> planned(PlannedChange.Kind kind) {
    return occasion.planned().stream()
        .filter(change -> change.kind() == kind)
        .flatMap(change -> scope.table(change.table()).map(t -> new Planned(t, change)).stream())
        .toList();
  }

  Memory memory() {
    return occasion.memory();
  }

  /** What notes for a later look, and compares if an earlier one has noted this key. */
  Look comparison(@Nullable Table table, String key, Look.Question question) {
    return memory().recall(key).isPresent()
        ? new Look.Search(table, question)
        : new Look.Note(table, question);
  }

  /** A table of the scope by the name that people declare it under. */
  Optional<Table> table(String name) {
    return scope.table(declared.name(name));
  }

  /** A table of the target that need not be in the scope. */
  Optional<Table> anyTable(TableName name) throws SQLException {
    Optional<Table> found = scope.table(name);
    return found.isPresent() ? found : ScopeReader.named(connection, List.of(name)).table(name);
  }

  /** Tables of the target that need not be in the scope, with what belongs to them. */
  List<Table> tables(Long[] oids) throws SQLException {
    return ScopeReader.of(connection, oids).tables();
  }

  /** Whether the server is of this major version or a later one. */
  boolean atLeast(int major) throws SQLException {
    return connection.getMetaData().getDatabaseMajorVersion() >= major;
  }

  /** The severity of a finding in a declared thing. */
  Severity severity(Table table, @Nullable Severity chosen, Severity otherwise) {
    return severity(table, chosen == null ? otherwise : chosen);
  }

  /** Why the rule could not even decide what to look at. */
  public List<Obstacle> obstacles() {
    return List.copyOf(obstacles);
  }

  /** Notes that something cannot be looked at, for a reason that lies with the target. */
  void skip(String reason) {
    obstacles.add(new Obstacle(null, false, reason));
  }

  /** Reads the catalogue. Arrays are of {@code Long} or {@code String}. */
  <T> List<T> catalogue(String sql, Query.Reader<T> reader, Object[]... arrays)
      throws SQLException {
    return Query.catalogue(connection, sql, reader, arrays);
  }

  /** Reads from the catalogue what there is to look at. Arrays are of {@code Long}. */
  <T> List<T> subjects(String sql, SubjectReader<T> reader, Object[]... arrays)
      throws SQLException {
    return catalogue(sql, row -> reader.read(row, scope), arrays).stream()
        .flatMap(Optional::stream)
        .toList();
  }

  /** A neighbour's own problems are not the run's: they warn. */
  Severity severity(Table table, Severity ofTouched) {
    return table.touched() || ofTouched.compareTo(Severity.WARNING) < 0
        ? ofTouched
        : Severity.WARNING;
  }
}
