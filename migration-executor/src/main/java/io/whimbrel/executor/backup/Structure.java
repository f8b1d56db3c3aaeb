package io.whimbrel.executor.backup;

import io.whimbrel.event.TableName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The structure of a database as facts that can be compared one by one. It is read from
 * PostgreSQL's catalogue in one query and knows more than {@link
 * io.whimbrel.executor.schema.SchemaSnapshot}, which can be written as a script: also replica
 * identities, publications, statistics targets of indexes.
 */
final class Structure {
  private static final String FACTS = resource("structure.sql");

  private final SortedMap<String, StructureFact> facts = new TreeMap<>();

  Structure(Collection<StructureFact> facts) {
    facts.forEach(fact -> this.facts.put(fact.subject(), fact));
  }

  /** Reads it; the settings of {@link TextSettings} are in force. */
  static Structure read(Connection connection) throws SQLException {
    var facts = new ArrayList<StructureFact>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(FACTS)) {
      while (row.next()) {
        String table = row.getString("of_table");
        facts.add(
            new StructureFact(
                row.getString("kind"),
                row.getString("object"),
                table == null ? null : new TableName(row.getString("of_schema"), table),
                row.getString("value"),
                row.getString("establish"),
                row.getString("remove")));
      }
    }
    return new Structure(facts);
  }

  /** Reads what {@link #json} wrote. */
  static Structure of(byte[] json) throws IOException {
    return new Structure(List.of(BackupFiles.JSON.readValue(json, StructureFact[].class)));
  }

  String json() throws IOException {
    return BackupFiles.JSON.writeValueAsString(facts());
  }

  List<StructureFact> facts() {
    return List.copyOf(facts.values());
  }

  @Nullable StructureFact fact(String subject) {
    return facts.get(subject);
  }

  /** What is said differently, or by one of the two only. */
  List<String> differences(Structure other) {
    var subjects = new TreeSet<>(facts.keySet());
    subjects.addAll(other.facts.keySet());
    return subjects.stream()
        .filter(subject -> !same(facts.get(subject), other.facts.get(subject)))
        .toList();
  }

  static boolean same(@Nullable StructureFact one, @Nullable StructureFact other) {
    if (one == null || other == null) {
      return one == null && other == null;
    }
    return Objects.equals(one.value(), other.value());
  }

  private static String resource(String name) {
    try (InputStream in = Structure.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
