package io.whimbrel.executor.backup;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.postgresql.PGConnection;

/** Everything in a database: what the catalogue says, and every table's rows in order. */
record Everything(Structure structure, SortedMap<String, List<String>> rows) {

  static Everything of(TestDatabase database) throws SQLException, IOException {
    try (Connection connection = database.open()) {
      connection.setAutoCommit(false);
      TextSettings.set(connection);
      var rows = new TreeMap<String, List<String>>();
      for (String name :
          TestDatabase.rows(
              connection,
              "SELECT oid::regclass FROM pg_class WHERE relkind IN ('r', 'm') AND relispopulated"
                  + " AND relnamespace::regnamespace::text NOT LIKE ALL"
                  + " (ARRAY['pg\\_%', 'information_schema'])")) {
        rows.put(name, rows(connection, name));
      }
      return new Everything(Structure.read(connection), rows);
    }
  }

  private static List<String> rows(Connection connection, String table)
      throws SQLException, IOException {
    var out = new ByteArrayOutputStream();
    connection
        .unwrap(PGConnection.class)
        .getCopyAPI()
        .copyOut("COPY (SELECT * FROM ONLY " + table + ") TO STDOUT", out);
    var lines = new ArrayList<>(out.toString(StandardCharsets.UTF_8).lines().toList());
    lines.sort(null);
    return lines;
  }
}
