package io.whimbrel.executor.backup;

import io.whimbrel.executor.backup.BackupManifest.Table;
import io.whimbrel.executor.backup.BackupManifest.Whole;
import io.whimbrel.executor.schema.Quoted;
import java.util.List;

/** The script that loads a backup with psql and zstd alone. */
final class PsqlScript {
  private PsqlScript() {}

  static String of(BackupManifest manifest) {
    var script = new StringBuilder(introduction(manifest));
    List<Table> tables = manifest.tables().stream().filter(table -> table.file() != null).toList();
    Whole whole = manifest.whole();
    if (whole != null) {
      whole.bookkeeping().forEach(statement -> line(script, statement));
    }
    manifest.constraints().forEach(c -> line(script, ParkedConstraints.dropping(c)));
    for (Table table : tables) {
      line(script, "ALTER TABLE " + Quoted.table(table.name()) + " DISABLE TRIGGER USER");
    }
    if (!tables.isEmpty()) {
      line(script, "TRUNCATE ONLY " + Quoted.tables(tables.stream().map(Table::name).toList()));
    }
    for (Table table : tables) {
      script.append(loading(table)).append('\n');
    }
    for (Table table : tables) {
      line(script, "ALTER TABLE " + Quoted.table(table.name()) + " ENABLE TRIGGER USER");
    }
    manifest
        .constraints()
        .forEach(c -> ParkedConstraints.adding(c).forEach(statement -> line(script, statement)));
    manifest.sequences().forEach(sequence -> line(script, Sequences.setting(sequence)));
    if (whole != null) {
      whole.views().forEach(view -> line(script, MaterializedViews.filling(view)));
    }
    return script.append("COMMIT;\n").toString();
  }

  private static String introduction(BackupManifest manifest) {
    return """
    -- Contents of the tables of database %s as of %s.
    -- Needs psql and zstd. In the directory of this file, after `sha256sum -c SHA256SUMS`:
    --   psql -d DATABASE -v ON_ERROR_STOP=1 -f restore.sql
    -- The tables must have the structure of schema.sql; into a new database run that first.
    -- User triggers are enabled afterwards, also those that were disabled before.
    \\set ON_ERROR_STOP on
    %sBEGIN;
    SET LOCAL client_encoding = 'UTF8';
    SET LOCAL standard_conforming_strings = on;
    SET LOCAL search_path = pg_catalog;
    SET LOCAL DateStyle = 'ISO, YMD';
    SET LOCAL IntervalStyle = 'postgres';
    SET LOCAL TimeZone = 'UTC';
    """
        .formatted(
            manifest.identity().database().replace('\n', ' '),
            manifest.takenAt(),
            opening(manifest));
  }

  private static String opening(BackupManifest manifest) {
    return manifest.keyId() == null
        ? ""
        : """
        -- The other files are encrypted with the key %s. They are opened first, into a directory
        -- that has a restore.sql of its own:
        --   WHIMBREL_BACKUP_ENCRYPTION_KEY_FILE=... java -cp 'lib/boot/*:lib/main/*:app/*' \\
        --     io.whimbrel.executor.backup.OpenBackup DIRECTORY OPENED
        -- in the directory quarkus-app of the executor.
        DO $$ BEGIN
          RAISE EXCEPTION 'this backup is encrypted; the head of restore.sql says how to open it';
        END $$;
        """
            .formatted(manifest.keyId());
  }

  private static String loading(Table table) {
    String columns = Quoted.names(TableCopy.stored(table));
    return "\\copy %s%s from program 'zstd -dc %s'"
        .formatted(
            Quoted.table(table.name()),
            columns.isEmpty() ? "" : " (" + columns + ")",
            table.file() == null ? "" : table.file().name());
  }

  private static void line(StringBuilder script, String statement) {
    script.append(statement).append(";\n");
  }
}
