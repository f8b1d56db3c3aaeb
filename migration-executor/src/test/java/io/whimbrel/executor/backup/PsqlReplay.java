package io.whimbrel.executor.backup;

import com.github.luben.zstd.ZstdInputStream;
import io.whimbrel.executor.catalog.Statement;
import io.whimbrel.executor.catalog.Statements;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.PGConnection;

/** Does what psql does with the scripts of a backup. */
final class PsqlReplay {
  private static final Pattern COPY = Pattern.compile("\\\\copy (.*) from program 'zstd -dc (.*)'");

  private PsqlReplay() {}

  static void run(TestDatabase database, Path script) throws SQLException, IOException {
    try (Connection connection = database.openAsSuperuser()) {
      var sql = new StringBuilder();
      for (String line : Files.readAllLines(script)) {
        Matcher copy = COPY.matcher(line);
        if (copy.matches()) {
          execute(connection, sql);
          copy(connection, copy.group(1), script.resolveSibling(copy.group(2)));
        } else if (!line.startsWith("\\")) {
          sql.append(line).append('\n');
        }
      }
      execute(connection, sql);
    }
  }

  private static void execute(Connection connection, StringBuilder sql) throws SQLException {
    for (Statement statement : Statements.of("psql", sql.toString())) {
      TestDatabase.execute(connection, statement.sql());
    }
    sql.setLength(0);
  }

  private static void copy(Connection connection, String what, Path file)
      throws SQLException, IOException {
    try (InputStream rows = new ZstdInputStream(Files.newInputStream(file))) {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("COPY " + what + " FROM STDIN", rows);
    }
  }
}
