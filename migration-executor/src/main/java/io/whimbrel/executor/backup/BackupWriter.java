package io.whimbrel.executor.backup;

import io.whimbrel.event.BackupScope;
import io.whimbrel.executor.backup.BackupFailed.Reason;
import io.whimbrel.executor.backup.BackupManifest.StoredFile;
import io.whimbrel.executor.schema.SchemaUnreadable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes backups: the structure, one compressed COPY per table and a manifest, all of one snapshot.
 * A failure that is noticed removes what was written at once. Locks and connections are gone when
 * it returns.
 */
public final class BackupWriter {
  private static final int WORKERS = 2;

  private final BackupKeys keys;

  public BackupWriter() {
    this(BackupKeys.NONE);
  }

  /**
   * @param keys of which the current one encrypts
   */
  public BackupWriter(BackupKeys keys) {
    this.keys = keys;
  }

  /** Writes a backup; it still has to be read back by {@link BackupVerifier} before it counts. */
  public Backup write(BackupRequest request, BackupListener listener) throws BackupFailed {
    BackupPlace place = request.place();
    BackupPlace.Draft draft;
    try {
      draft = place.begin();
    } catch (IOException e) {
      throw notStored(place, e);
    }
    boolean complete = false;
    try {
      Backup backup = seal(place, draft, writeContents(request, draft, listener));
      complete = true;
      return backup;
    } catch (IOException e) {
      throw notStored(place, e);
    } catch (SQLException e) {
      throw new BackupFailed(
          reason(e), "the backup was broken off: " + e.getMessage() + remedy(e), e);
    } catch (SchemaUnreadable e) {
      throw new BackupFailed(
          Reason.SCHEMA, "the structure cannot be backed up: " + e.getMessage(), e);
    } finally {
      if (!complete) {
        draft.discard();
      }
    }
  }

  private static BackupFailed notStored(BackupPlace place, IOException e) {
    return new BackupFailed(
        Reason.STORAGE, "the backup cannot be stored in " + place + ": " + reason(e), e);
  }

  private BackupManifest writeContents(
      BackupRequest request, BackupPlace.Draft draft, BackupListener listener)
      throws SQLException, IOException, BackupFailed, SchemaUnreadable {
    try (Connection lead = request.connector().open()) {
      TargetIdentity identity = TargetIdentity.of(lead);
      SourceSnapshot snapshot = SourceSnapshot.take(lead, request);
      Preflight.room(request.place(), draft, snapshot.bytes());
      Encryption encryption =
          keys.current().map(key -> key.of(request.runId())).orElse(Encryption.NONE);
      var copies = new ParallelCopies(request.connector(), snapshot, draft, encryption, listener);
      ParallelCopies.Result result = copies.run(WORKERS);
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
              snapshot.horizon(),
              request.schemas(),
              result.tables(),
              Sequences.read(lead, whole ? WholeDatabase.schemas(lead) : request.schemas()),
              ParkedConstraints.find(
                  lead, snapshot.shapes().stream().map(TableShape::name).toList()),
              List.of(
                  StoredFileWriter.text(draft, BackupFiles.SCHEMA, result.schema(), encryption),
                  StoredFileWriter.text(
                      draft, BackupFiles.STRUCTURE, result.structure().json(), encryption)),
              whole
                  ? WholeDatabase.read(lead, TableCatalog.withDescendants(lead, request.tables()))
                  : null);
      lead.rollback();
      return manifest;
    }
  }

  private static Backup seal(BackupPlace place, BackupPlace.Draft draft, BackupManifest contents)
      throws IOException {
    var files = new ArrayList<>(contents.files());
    files.add(
        StoredFileWriter.text(
            draft, BackupFiles.RESTORE, PsqlScript.of(contents), Encryption.NONE));
    BackupManifest manifest = contents.with(files);
    String json = BackupFiles.JSON.writeValueAsString(manifest);
    String digest = BackupFiles.sha256(json);
    var sums = new StringBuilder();
    for (StoredFile file : manifest.storedFiles()) {
      sums.append(file.sha256()).append("  ").append(file.name()).append('\n');
    }
    sums.append(digest).append("  ").append(BackupFiles.MANIFEST).append('\n');
    var last =
        List.of(
            StoredFileWriter.text(draft, BackupFiles.SUMS, sums.toString(), Encryption.NONE),
            StoredFileWriter.text(draft, BackupFiles.MANIFEST, json, Encryption.NONE));
    draft.publish();
    long bytes =
        Stream.of(manifest.storedFiles(), last)
            .flatMap(List::stream)
            .mapToLong(StoredFile::bytes)
            .sum();
    return new Backup(place, digest, bytes, manifest);
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
