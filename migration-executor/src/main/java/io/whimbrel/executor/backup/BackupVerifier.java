package io.whimbrel.executor.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.whimbrel.executor.backup.BackupInvalid.Reason;
import io.whimbrel.executor.backup.BackupManifest.StoredFile;
import io.whimbrel.executor.backup.BackupManifest.Table;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a backup back, every byte of it. Only what passes here is restored. */
public final class BackupVerifier {
  private final BackupKeys keys;

  public BackupVerifier() {
    this(BackupKeys.NONE);
  }

  /**
   * @param keys that backups may be encrypted with
   */
  public BackupVerifier(BackupKeys keys) {
    this.keys = keys;
  }

  /**
   * Verifies a backup.
   *
   * @param manifestSha256 what {@link Backup#manifestSha256} said when it was written; null if that
   *     is not known, and then a forged manifest with fitting files is not noticed
   * @param identity the database it has to be of; null if it may be of any
   */
  public BackupManifest verify(
      BackupPlace place, @Nullable String manifestSha256, @Nullable TargetIdentity identity)
      throws BackupInvalid {
    BackupManifest manifest = manifest(place, manifestSha256);
    if (identity != null && !manifest.identity().sameDatabase(identity)) {
      throw new BackupInvalid(
          Reason.FOREIGN,
          "%s is a backup of database %s of system %s, not of %s of system %s"
              .formatted(
                  place,
                  manifest.identity().database(),
                  manifest.identity().systemIdentifier(),
                  identity.database(),
                  identity.systemIdentifier()));
    }
    var files = new StoredFiles(place, keys.of(manifest));
    for (StoredFile file : manifest.files()) {
      checked(place, file, raw -> {});
    }
    for (Table table : manifest.tables()) {
      if (table.file() != null) {
        complete(files, table, table.file());
      }
    }
    nothingElse(place, manifest);
    return manifest;
  }

  /**
   * Loads a backup that was verified into an empty database and compares rows and structure.
   *
   * @param scratch to that database, in autocommit mode
   */
  public void load(BackupPlace place, BackupManifest manifest, Connection scratch)
      throws BackupInvalid, SQLException {
    LoadTrial.of(scratch, manifest, new StoredFiles(place, keys.of(manifest)));
  }

  private static BackupManifest manifest(BackupPlace place, @Nullable String sha256)
      throws BackupInvalid {
    try (InputStream in = place.read(BackupFiles.MANIFEST)) {
      byte[] json = in.readAllBytes();
      MessageDigest digest = BackupFiles.sha256();
      digest.update(json);
      if (sha256 != null && !sha256.equals(BackupFiles.hex(digest))) {
        throw new BackupInvalid(Reason.CHANGED, "manifest.json is not the one that was written");
      }
      BackupManifest manifest = BackupFiles.JSON.readValue(json, BackupManifest.class);
      wellFormed(manifest);
      return manifest;
    } catch (NoSuchFileException e) {
      throw new BackupInvalid(Reason.MISSING, "there is no backup in " + place, e);
    } catch (JsonProcessingException e) {
      throw new BackupInvalid(
          Reason.MANIFEST, "manifest.json is not a manifest: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw unreadable(BackupFiles.MANIFEST, e);
    }
  }

  private static void wellFormed(BackupManifest manifest) throws BackupInvalid {
    if (manifest.format() != BackupManifest.FORMAT) {
      throw new BackupInvalid(
          Reason.MANIFEST,
          "manifest.json is of format %d, and this version of Whimbrel reads format %d;"
                  .formatted(manifest.format(), BackupManifest.FORMAT)
              + " restore it with the version that wrote it, or with psql by its restore.sql");
    }
    var names = new HashSet<String>();
    for (StoredFile file : manifest.storedFiles()) {
      boolean plain =
          file.name().matches("[0-9]+\\.copy\\.zst|schema\\.sql|structure\\.json|restore\\.sql");
      if (!plain || !names.add(file.name())) {
        throw new BackupInvalid(
            Reason.MANIFEST, "manifest.json names no file of a backup, or one twice");
      }
    }
    boolean holdsWhatTheRunTouches =
        manifest.whole() == null || manifest.tableNames().containsAll(manifest.whole().touched());
    boolean contentsOfEveryFile =
        manifest.tables().stream()
            .allMatch(table -> (table.file() == null) == (table.contents() == null));
    if (!contentsOfEveryFile
        || !holdsWhatTheRunTouches
        || !names.containsAll(
            List.of(BackupFiles.SCHEMA, BackupFiles.STRUCTURE, BackupFiles.RESTORE))) {
      throw new BackupInvalid(Reason.MANIFEST, "manifest.json is not complete");
    }
  }

  /** What is done with the bytes of a file while they are read. */
  private interface Reading {
    void of(InputStream raw) throws IOException;
  }

  /** Reads a file to its end, once. What is wrong with its contents counts if it is unchanged. */
  private static void checked(BackupPlace place, StoredFile file, Reading reading)
      throws BackupInvalid {
    IOException unreadable = null;
    try (var in = new DigestedFile(place.read(file.name()))) {
      try {
        reading.of(in);
      } catch (IOException e) {
        unreadable = e;
      }
      in.transferTo(OutputStream.nullOutputStream());
      if (in.bytes() != file.bytes() || !file.sha256().equals(in.sha256())) {
        throw new BackupInvalid(
            Reason.CHANGED,
            "%s is not the file that was written (%d bytes, %d in the manifest), in %s"
                .formatted(file.name(), in.bytes(), file.bytes(), place));
      }
    } catch (NoSuchFileException e) {
      throw new BackupInvalid(Reason.MISSING, file.name() + " is missing in " + place, e);
    } catch (IOException e) {
      throw unreadable(file.name(), e);
    }
    if (unreadable != null) {
      throw unreadable(file.name(), unreadable);
    }
  }

  private static void complete(StoredFiles files, Table table, StoredFile file)
      throws BackupInvalid {
    var rows = new RowCounter(OutputStream.nullOutputStream(), (rowsMore, bytes) -> {});
    checked(files.place(), file, raw -> files.rows(raw, file).transferTo(rows));
    if (rows.endsWithinRow() || rows.rows() != table.rows()) {
      throw new BackupInvalid(
          Reason.ROWS,
          "%s holds %d rows of %s, %d in the manifest"
              .formatted(file.name(), rows.rows(), table.name(), table.rows()));
    }
  }

  private static void nothingElse(BackupPlace place, BackupManifest manifest) throws BackupInvalid {
    Set<String> known = new HashSet<>(Set.of(BackupFiles.MANIFEST, BackupFiles.SUMS));
    manifest.storedFiles().forEach(file -> known.add(file.name()));
    try {
      for (String file : place.files()) {
        if (!known.contains(file)) {
          throw new BackupInvalid(Reason.UNKNOWN_FILE, file + " does not belong to the backup");
        }
      }
    } catch (IOException e) {
      throw unreadable(place.toString(), e);
    }
  }

  private static BackupInvalid unreadable(String what, IOException e) {
    return e instanceof StoreUnavailable
        ? new BackupInvalid(Reason.UNAVAILABLE, String.valueOf(e.getMessage()), e)
        : new BackupInvalid(Reason.UNREADABLE, what + " cannot be read: " + e, e);
  }
}
