package io.whimbrel.executor.step;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.backup.Recorded;
import io.whimbrel.executor.backup.RestoreRequest;
import io.whimbrel.executor.run.BackupReference;
import io.whimbrel.target.Target;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The run that is taken back, as far as a restore needs it.
 *
 * @param run null if no single run applied what is taken back; then there is no backup either
 * @param backup from before the run, verified
 * @param scripts all of the run's, those that it stopped half way included
 * @param created the tables that the run made
 * @param inverses SQL that was derived and proven to take its migrations back, by their names
 * @param recorded what the tables held around its transactions; empty if that is not known of all
 */
record RollbackSubject(
    @Nullable UUID run,
    Optional<BackupReference> backup,
    List<String> scripts,
    List<TableName> created,
    Map<String, String> inverses,
    List<Recorded> recorded) {

  static final RollbackSubject NONE =
      new RollbackSubject(null, Optional.empty(), List.of(), List.of(), Map.of(), List.of());

  RestoreRequest restore(Target target, BackupTaking taking, boolean acceptDataLoss) {
    BackupReference reference = backup.orElseThrow();
    return new RestoreRequest(
        taking.place(Objects.requireNonNull(reference.directory())),
        reference.manifestSha256(),
        target.schemas(),
        created,
        recorded,
        acceptDataLoss,
        taking.lockTimeout());
  }
}
