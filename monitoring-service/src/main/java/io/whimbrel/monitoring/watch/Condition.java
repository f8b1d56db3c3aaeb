package io.whimbrel.monitoring.watch;

import io.whimbrel.monitoring.alert.Alert;
import io.whimbrel.monitoring.alert.AlertKind;
import java.time.Instant;
import java.util.List;

/** Something that can be the case for a while, and that a person should know of meanwhile. */
interface Condition {
  AlertKind kind();

  /** An alert for each cause that is present now; looking changes nothing. */
  List<Alert> present(Instant now);
}
