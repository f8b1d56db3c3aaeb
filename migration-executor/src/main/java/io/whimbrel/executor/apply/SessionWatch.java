package io.whimbrel.executor.apply;

import io.whimbrel.target.Target;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a session from a second connection, which holds neither lock nor snapshot between two
 * looks: who blocks it while one of its statements runs, and whether the server still has it. A
 * network that vanishes in silence would leave us waiting for an answer for hours, while the server
 * has long given the session up; so the session's connection is broken off when the server no
 * longer knows it, or has not answered for a minute.
 */
final class SessionWatch implements AutoCloseable {

  private static final long FIRST_MILLIS = 100;
  private static final long EVERY_MILLIS = 250;
  private static final long ALIVE_MILLIS = 5_000;
  private static final int ANSWER_MILLIS = 10_000;
  private static final String BLOCKERS =
      """
      select pid, coalesce(application_name, ''),
        cast(extract(epoch from clock_timestamp() - xact_start) as bigint)
      from pg_catalog.pg_stat_activity where pid = any (pg_blocking_pids(?))
      """;

  private static final String KNOWN =
      "select exists (select from pg_catalog.pg_stat_activity where pid = ?)";

  private final Target target;
  private final String application;
  private final Connection session;
  private final int pid;
  private final long silenceNanos;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread created = new Thread(work, "session-watch");
            created.setDaemon(true);
            return created;
          });
  private @Nullable Connection connection;
  private volatile @Nullable Watched watched;
  private long looked = System.nanoTime() - EVERY_MILLIS * 1_000_000;
  private volatile List<Blocker> seen = List.of();
  private long answered = System.nanoTime();

  /**
   * Watches from now on.
   *
   * @param silence how long the server may give no answer
   */
  SessionWatch(Target target, String application, Connection session, int pid, Duration silence) {
    this.target = target;
    this.application = application;
    this.session = session;
    this.pid = pid;
    this.silenceNanos = silence.toNanos();
    ScheduledFuture<?> unused =
        thread.scheduleWithFixedDelay(
            this::lookWhetherAlive, ALIVE_MILLIS, ALIVE_MILLIS, TimeUnit.MILLISECONDS);
    ScheduledFuture<?> unusedLooks =
        thread.scheduleWithFixedDelay(
            this::lookIfLong, FIRST_MILLIS, FIRST_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Hears what is seen, in the watch's thread. */
  interface Observer {
    void blocked(List<Blocker> blockers);

    void running(StatementProgress progress);
  }

  /**
   * Watches until its result is closed. What ends soon is not looked at and costs two assignments.
   */
  Watching watch(Observer observer) {
    seen = List.of();
    Watched around = watched;
    watched = new Watched(observer, System.nanoTime());
    return () -> watched = around;
  }

  private record Watched(Observer observer, long began) {}

  /** The session's process on the server. */
  int pid() {
    return pid;
  }

  /** The blockers that were seen last during the last statement. */
  List<Blocker> seen() {
    return seen;
  }

  /** A watch that goes on. */
  interface Watching {
    void close();
  }

  private void lookIfLong() {
    Watched now = watched;
    long time = System.nanoTime();
    if (now != null
        && time - now.began() >= FIRST_MILLIS * 1_000_000
        && time - looked >= EVERY_MILLIS * 1_000_000) {
      looked = time;
      try {
        look(now.observer());
      } catch (RuntimeException e) {
        // Its observer wants to hear no more of this statement; the next one is looked at again.
        watched = null;
      }
    }
  }

  private void look(Observer observer) {
    try {
      StatementProgress progress = StatementProgress.of(connected(), pid);
      if (progress != null) {
        observer.running(progress);
      }
      List<Blocker> now = blockers();
      if (!now.isEmpty()) {
        seen = now;
        observer.blocked(now);
      }
    } catch (SQLException e) {
      disconnect();
    }
  }

  private void lookWhetherAlive() {
    try (PreparedStatement query = connected().prepareStatement(KNOWN)) {
      query.setInt(1, pid);
      try (ResultSet row = query.executeQuery()) {
        answered = System.nanoTime();
        if (row.next() && !row.getBoolean(1)) {
          breakOff();
        }
      }
    } catch (SQLException e) {
      disconnect();
      if (System.nanoTime() - answered > silenceNanos) {
        breakOff();
      }
    }
  }

  // Whoever waits for an answer on the session's connection gets an exception instead.
  private void breakOff() {
    try {
      session.abort(Runnable::run);
    } catch (SQLException e) {
      // It is closed already.
    }
    thread.shutdown();
  }

  /** The name of another session of the same run. */
  String named(String session) {
    return session + application.substring(application.indexOf(':'));
  }

  private Connection connected() throws SQLException {
    if (connection == null) {
      connection = target.connect(target.executor(), application);
      connection.setNetworkTimeout(Runnable::run, ANSWER_MILLIS);
    }
    return connection;
  }

  private List<Blocker> blockers() throws SQLException {
    List<Blocker> blockers = new ArrayList<>();
    try (PreparedStatement query = connected().prepareStatement(BLOCKERS)) {
      query.setInt(1, pid);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          Long age = row.getObject(3, Long.class);
          blockers.add(
              new Blocker(
                  row.getInt(1), row.getString(2), age == null ? null : Duration.ofSeconds(age)));
        }
      }
    }
    return blockers;
  }

  private void disconnect() {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        // Lost already.
      }
      connection = null;
    }
  }

  @Override
  public void close() {
    if (!thread.isShutdown()) {
      thread.execute(this::disconnect);
      thread.shutdown();
    }
  }
}
