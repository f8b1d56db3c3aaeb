package io.whimbrel.executor.run;

import io.whimbrel.event.Phase;
import io.whimbrel.event.RunError;
import io.whimbrel.event.TableName;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is said when a run enters a state.
 *
 * @param phase the validation that is asked for with it
 * @param touched the tables that validation should look at
 */
public record Announcement(
    String message,
    @Nullable Phase phase,
    @Nullable List<TableName> touched,
    @Nullable RunError error) {

  public static Announcement says(String message) {
    return new Announcement(message, null, null, null);
  }

  public static Announcement asks(Phase phase, List<TableName> touched) {
    return new Announcement(
        "Waits for the validation " + (phase == Phase.BEFORE ? "before" : "after") + " the change",
        phase,
        touched,
        null);
  }

  public static Announcement of(RunError error) {
    return new Announcement(error.message(), null, null, error);
  }
}
