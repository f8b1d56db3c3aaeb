package io.whimbrel.executor.backup;

import io.whimbrel.event.BackupScope;
import io.whimbrel.event.TableName;
import java.nio.file.Path;
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
 * @param directory where the backup will be; it appears there complete or not at all
 * @param lockTimeout how long to wait for the right to read a table
 */
public record BackupRequest(
    String target,
    Connector connector,
    BackupScope scope,
    List<TableName> tables,
    List<String> schemas,
    UUID runId,
    Path directory,
    Duration lockTimeout) {
  public BackupRequest {
    tables = List.copyOf(tables);
    schemas = List.copyOf(schemas);
    directory = directory.toAbsolutePath().normalize();
  }
}
