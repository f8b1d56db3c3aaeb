package io.whimbrel.executor.backup;

import io.whimbrel.event.BackupScope;
import io.whimbrel.event.TableName;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * What to back up, and where to.
 *
 * @param target the target's name
 * @param connector opens connections as the role that restores
 * @param scope whether only these tables are backed up, or the whole database
 * @param tables the tables the run touches; their partitions and children come along
 * @param schemas the target's schemas, whose sequences come along
 * @param runId the run it is for
 * @param place where the backup will be; it appears there complete or not at all
 * @param lockTimeout how long to wait for the right to read a table
 */
public record BackupRequest(
    String target,
    Connector connector,
    BackupScope scope,
    List<TableName> tables,
    List<String> schemas,
    UUID runId,
    BackupPlace place,
    Duration lockTimeout) {
  public BackupRequest {
    tables = List.copyOf(tables);
    schemas = List.copyOf(schemas);
  }

  /** The same, somewhere else. */
  BackupRequest at(BackupPlace other) {
    return new BackupRequest(target, connector, scope, tables, schemas, runId, other, lockTimeout);
  }

  /** The same, of as much. */
  BackupRequest of(BackupScope other) {
    return new BackupRequest(target, connector, other, tables, schemas, runId, place, lockTimeout);
  }
}
