package io.whimbrel.gateway.command;

import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.Operation;
import io.whimbrel.gateway.body.Body;
import java.time.Instant;
import java.util.UUID;

/** The body of a command. One that exists is well formed; whether it makes sense, the run says. */
public sealed interface Command extends Body permits MigrateCommand, RollbackCommand {
  String target();

  /** Whether the caller puts up with lost data, which is for super-admins. */
  boolean losesData();

  MigrationRequested request(Operation operation, UUID runId, String requestedBy, Instant at);
}
