package io.whimbrel.benchmark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;

/**
 * The least that can be done through plain JDBC: each script with its history row, in a transaction
 * of its own or all in one, nothing checked.
 */
final class Floor {

  private Floor() {}

  /**
   * Migrates.
   *
   * @param together whether all scripts share one transaction
   */
  static void migrate(Database database, boolean together) throws Exception {
    List<Path> files;
    try (Stream<Path> found = Files.list(database.catalog())) {
      files = found.sorted().toList();
    }
    String password = Files.readString(database.passwordFile());
    try (Connection connection =
            DriverManager.getConnection(database.url(), database.user(), password);
        Statement statement = connection.createStatement()) {
      statement.execute(
          "create table history (rank integer primary key, script text, checksum integer,"
              + " installed_on timestamptz default now())");
      connection.setAutoCommit(false);
      try (PreparedStatement row =
          connection.prepareStatement(
              "insert into history (rank, script, checksum) values (?, ?, ?)")) {
        for (int i = 0; i < files.size(); i++) {
          String text = Files.readString(files.get(i));
          statement.execute(text);
          row.setInt(1, i + 1);
          row.setString(2, files.get(i).getFileName().toString());
          row.setInt(3, text.hashCode());
          row.executeUpdate();
          if (!together) {
            connection.commit();
          }
        }
        connection.commit();
      }
    }
  }
}
