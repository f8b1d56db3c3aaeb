package io.whimbrel.executor.backup;

import io.whimbrel.event.BackupScope;
import io.whimbrel.executor.backup.BackupFailed.Reason;
import io.whimbrel.executor.backup.BackupManifest.StoredFile;
import io.whimbrel.executor.schema.SchemaUnreadable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes backups: a directory that holds the structure, one compressed COPY per table and a
 * manifest, all of one snapshot.
 *
 * <p>It is written beside its place and moved there when everything is on the disk. Stopped half
 * way, it leaves a directory {@code .partial}, which the next attempt of the same run removes; a
 * failure that is noticed removes it at once. Locks and connections are gone when it returns.
 */
public final class BackupWriter {
  private final int workers;
  private final StoredFileWriter.Opener opener;
  private final Preflight.Room room;
  private final BackupKeys keys;

  public BackupWriter() {
    this(BackupKeys.NONE);
  }

  /**
   * @param keys of which the current one encrypts
   */
  public BackupWriter(BackupKeys keys) {
    this(2, BackupFiles::create, Preflight.Room::usable, keys);
  }

  BackupWriter(int workers, StoredFileWriter.Opener opener, Preflight.Room room, BackupKeys keys) {
    this.workers = workers;
    this.opener = opener;
    this.room = room;
    this.keys = keys;
  }

  /** Writes a backup; it still has to be read back by {@link BackupVerifier} before it counts. */
  public Backup write(BackupRequest request, BackupListener listener) throws BackupFailed {
    Path partial = BackupFiles.partial(request.directory());
    boolean complete = false;
    try {
      BackupFiles.delete(partial);
      BackupFiles.createDirectory(partial);
      BackupManifest manifest = writeContents(request, partial, listener);
      Backup backup = seal(request, partial, manifest);
      complete = true;
      return backup;
    } catch (IOException e) {
      throw new BackupFailed(
          Reason.STORAGE, "the backup cannot be stored in " + partial + ": " + reason(e), e);
    } catch (SQLException e) {
      throw new BackupFailed(
          reason(e), "the backup was broken off: " + e.getMessage() + remedy(e), e);
    } catch (SchemaUnreadable e) {
      throw new BackupFailed(
          Reason.SCHEMA, "the structure cannot be backed up: " + e.getMessage(), e);
    } finally {
      if (!complete) {
        discard(partial);
      }
    }
  }

  private BackupManifest writeContents(BackupRequest request, Path partial, BackupListener listener)
      throws SQLException, IOException, BackupFailed, SchemaUnreadable {
    try (Connection lead = request.connector().open()) {
      TargetIdentity identity = TargetIdentity.of(lead);
      SourceSnapshot snapshot = SourceSnapshot.take(lead, request);
      Preflight.room(partial, snapshot.bytes(), room);
      Encryption encryption =
          keys.current().map(key -> key.of(request.runId())).orElse(Encryption.NONE);
      var copies =
          new ParallelCopies(request.connector(), snapshot, partial, opener, encryption, listener);
      ParallelCopies.Result result = copies.run(workers);
      boolean whole = request.scope() == BackupScope.DATABASE;
      var manifest =
          new BackupManifest(
              BackupManifest.FORMAT,
              request.runId(),
              keys.currentId(),
              request.target(),
              identity,
              Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
              snapshot.name(),
              snapshot.lsn(),
              request.schemas(),
              result.tables(),
              Sequences.read(lead, whole ? WholeDatabase.schemas(lead) : request.schemas()),
              ParkedConstraints.find(
                  lead, snapshot.shapes().stream().map(TableShape::name).toList()),
              List.of(
                  StoredFileWriter.text(
                      opener, partial, BackupFiles.SCHEMA, result.schema(), encryption),
                  StoredFileWriter.text(
                      opener,
                      partial,
                      BackupFiles.STRUCTURE,
                      result.structure().json(),
                      encryption)),
              whole
                  ? WholeDatabase.read(lead, TableCatalog.withDescendants(lead, request.tables()))
                  : null);
      lead.rollback();
      return manifest;
    }
  }

  private Backup seal(BackupRequest request, Path partial, BackupManifest contents)
      throws IOException {
    var files = new ArrayList<>(contents.files());
    files.add(plain(partial, BackupFiles.RESTORE, PsqlScript.of(contents)));
    BackupManifest manifest = contents.with(files);
    StoredFile json =
        plain(partial, BackupFiles.MANIFEST, BackupFiles.JSON.writeValueAsString(manifest));
    var all = new ArrayList<StoredFile>(manifest.storedFiles());
    all.add(json);
    var sums = new StringBuilder();
    all.forEach(file -> sums.append(file.sha256()).append("  ").append(file.name()).append('\n'));
    all.add(plain(partial, BackupFiles.SUMS, sums.toString()));
    publish(partial, request.directory());
    long bytes = all.stream().mapToLong(StoredFile::bytes).sum();
    return new Backup(request.directory(), json.sha256(), bytes, manifest);
  }

  private StoredFile plain(Path partial, String name, String text) throws IOException {
    return StoredFileWriter.text(opener, partial, name, text, Encryption.NONE);
  }

  private static void publish(Path partial, Path directory) throws IOException {
    BackupFiles.syncDirectory(partial);
    BackupFiles.delete(directory);
    Files.move(partial, directory, StandardCopyOption.ATOMIC_MOVE);
    Path parent = directory.getParent();
    if (parent != null) {
      BackupFiles.syncDirectory(parent);
    }
  }

  private static void discard(Path partial) {
    try {
      BackupFiles.delete(partial);
    } catch (IOException e) {
      // What made the backup fail matters more; the next attempt removes it.
    }
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** A connection that is gone, or that the server has ended. */
  private static String remedy(SQLException e) {
    String state = String.valueOf(e.getSQLState());
    return state.startsWith("08") || state.startsWith("57P")
        ? "; the connection to the database was lost: once it answers, request it again"
        : "";
  }

  private static Reason reason(SQLException e) {
    return switch (String.valueOf(e.getSQLState())) {
      case "42P01" -> Reason.TABLE_GONE;
      case "55P03" -> Reason.LOCKED;
      default -> Reason.DATABASE;
    };
  }
}
