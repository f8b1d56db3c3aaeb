package io.whimbrel.target;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The most sessions that are open in PostgreSQL at a time for one purpose, of those that begin
 * while it is counted. The application name of a session ends with a colon and its purpose, the
 * identifier of a run for one.
 */
public final class OpenSessions implements AutoCloseable {
  private static final Map<String, OpenSessions> COUNTED = new ConcurrentHashMap<>();

  private final String purpose;
  private final List<Connection> open = new ArrayList<>();
  private int most;

  private OpenSessions(String purpose) {
    this.purpose = purpose;
  }

  /** Counts until it is closed, in place of who counts for this purpose already. */
  public static OpenSessions count(String purpose) {
    OpenSessions begun = new OpenSessions(purpose);
    COUNTED.put(purpose, begun);
    return begun;
  }

  static void opened(String applicationName, Connection connection) throws SQLException {
    int colon = applicationName.lastIndexOf(':');
    OpenSessions counted = colon < 0 ? null : COUNTED.get(applicationName.substring(colon + 1));
    if (counted != null) {
      counted.add(connection);
    }
  }

  // There can be more of them than ever only when one more is opened, so those that were closed
  // are looked for then.
  private synchronized void add(Connection opened) throws SQLException {
    for (Connection one : List.copyOf(open)) {
      if (one.isClosed()) {
        open.remove(one);
      }
    }
    open.add(opened);
    most = Math.max(most, open.size());
  }

  /** The most that were open at a time. */
  public synchronized int most() {
    return most;
  }

  @Override
  public void close() {
    COUNTED.remove(purpose, this);
  }
}
