package io.whimbrel.executor.step;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.whimbrel.event.TableName;
import io.whimbrel.executor.apply.InTransaction;
import io.whimbrel.executor.backup.ContentFingerprint;
import io.whimbrel.executor.backup.ContentState;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.run.BackupReference;
import io.whimbrel.executor.run.Run;
import io.whimbrel.executor.run.RunMigration;
import io.whimbrel.target.Target;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Records what the touched tables hold when a script's transaction begins and before it commits, so
 * that a restore can tell the run's own changes from those of others. Without a backup there is
 * nothing to restore and nothing is recorded; a script that runs in several transactions has no
 * such moments.
 */
final class ContentRecorder {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Target target;
  private final TreeSet<TableName> known;
  private final boolean touchesNothing;
  private final boolean wanted;
  private final int last;
  private @Nullable ContentState first;
  private @Nullable ContentState begin;
  private @Nullable ContentState end;

  ContentRecorder(Run run, Target target, List<RunMigration> planned) {
    this.target = target;
    this.known = new TreeSet<>(run.planned().touched());
    this.touchesNothing = known.isEmpty();
    BackupReference backup = run.backup();
    this.wanted = backup != null && backup.status() == BackupReference.Status.VERIFIED;
    this.last = planned.size() - 1;
    this.first = planned.isEmpty() ? null : read(planned.get(0).fingerprintBegin());
    if (!touchesNothing) {
      planned.stream()
          .flatMap(migration -> Stream.ofNullable(read(migration.fingerprintEnd())))
          .forEach(left -> left.contents().forEach(content -> known.add(content.table())));
    }
  }

  /** The hooks for the transaction of one script. */
  InTransaction during(RunMigration migration, Script script) {
    begin = null;
    end = null;
    if (!wanted || !script.transactional() || script.headers().batch().isPresent()) {
      return InTransaction.NOTHING;
    }
    return hooks(migration.position() == 0, migration.position() == last);
  }

  /** The hooks for one transaction of all scripts. */
  InTransaction duringAll() {
    begin = null;
    end = null;
    return wanted ? hooks(true, true) : InTransaction.NOTHING;
  }

  private InTransaction hooks(boolean isFirst, boolean isLast) {
    return new InTransaction() {
      @Override
      public void afterBegin(Connection connection) throws SQLException {
        if (isFirst || !touchesNothing) {
          begin = ContentFingerprint.take(connection, target.schemas(), known, null);
          first = isFirst ? begin : first;
        }
      }

      @Override
      public void beforeCommit(Connection connection) throws SQLException {
        ContentState since = touchesNothing ? first : begin;
        if (since != null && (isLast || !touchesNothing)) {
          end = ContentFingerprint.take(connection, target.schemas(), known, since);
        }
      }
    };
  }

  /** The script is applied; what it made belongs to what the next one begins with. */
  void applied() {
    if (end != null && !touchesNothing) {
      end.contents().forEach(content -> known.add(content.table()));
    }
  }

  /** JSON of what the last transaction began with. */
  @Nullable String begin() {
    return write(begin);
  }

  /** JSON of what the last transaction was about to commit. */
  @Nullable String end() {
    return write(end);
  }

  static @Nullable ContentState read(@Nullable String json) {
    try {
      return json == null ? null : JSON.readValue(json, ContentState.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a recorded state of contents cannot be read", e);
    }
  }

  private static @Nullable String write(@Nullable ContentState state) {
    try {
      return state == null ? null : Objects.requireNonNull(JSON.writeValueAsString(state));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a state of contents cannot be written", e);
    }
  }
}
