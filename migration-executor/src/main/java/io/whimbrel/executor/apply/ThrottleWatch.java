package io.whimbrel.executor.apply;

import io.whimbrel.target.Target;
import io.whimbrel.target.Throttle;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads once a second, from a connection of its own, whether batches should wait. A look that fails
 * says nothing, and the next one connects anew; but where no connection is to be had, that is a
 * reason by itself.
 */
final class ThrottleWatch implements AutoCloseable {

  private static final String TOO_MANY_CONNECTIONS = "53300";
  private static final int ANSWER_MILLIS = 10_000;

  private final Target target;
  private final String name;
  private final Throttle limits;
  private final int pid;
  private final String table;
  private final ApplyListener listener;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread created = new Thread(work, "throttle-watch");
            created.setDaemon(true);
            return created;
          });
  private @Nullable Connection connection;
  private @Nullable ThrottleSignals signals;
  private volatile List<String> reasons = List.of();

  private ThrottleWatch(
      Target target, String name, Throttle limits, int pid, String table, ApplyListener listener) {
    this.target = target;
    this.name = name;
    this.limits = limits;
    this.pid = pid;
    this.table = table;
    this.listener = listener;
  }

  /** Looks a first time, and then until it is closed. */
  static ThrottleWatch over(Application application, Throttle limits, int pid, String table) {
    ThrottleWatch watch =
        new ThrottleWatch(
            application.session().target(),
            application.session().watch().named("whimbrel-throttle"),
            limits,
            pid,
            table,
            application.listener());
    watch.look();
    watch.tellUnreadable();
    var unused = watch.thread.scheduleWithFixedDelay(watch::look, 1, 1, TimeUnit.SECONDS);
    return watch;
  }

  /** What the batches are to wait for, as of the last look; empty if nothing. */
  List<String> reasons() {
    return reasons;
  }

  private void look() {
    try {
      reasons = List.copyOf(connected().look());
    } catch (SQLException e) {
      reasons =
          SqlStates.of(e).equals(TOO_MANY_CONNECTIONS)
              ? List.of("the server has no connection free")
              : List.of();
      disconnect();
    }
  }

  private void tellUnreadable() {
    ThrottleSignals first = signals;
    if (first != null && !first.unreadable().isEmpty()) {
      listener.signalsOff(target.executor().user(), first.unreadable());
    }
  }

  private ThrottleSignals connected() throws SQLException {
    ThrottleSignals present = signals;
    if (present == null) {
      Connection opened = target.connect(target.executor(), name);
      connection = opened;
      opened.setNetworkTimeout(Runnable::run, ANSWER_MILLIS);
      present = new ThrottleSignals(opened, limits, pid, table);
      signals = present;
    }
    return present;
  }

  private void disconnect() {
    signals = null;
    Connection present = connection;
    connection = null;
    if (present != null) {
      try {
        present.close();
      } catch (SQLException e) {
        // Lost already.
      }
    }
  }

  @Override
  public void close() {
    thread.execute(this::disconnect);
    thread.shutdown();
  }
}
