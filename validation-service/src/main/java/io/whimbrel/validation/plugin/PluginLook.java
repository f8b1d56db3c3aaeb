package io.whimbrel.validation.plugin;

import io.whimbrel.event.Phase;
import io.whimbrel.event.Severity;
import io.whimbrel.event.TableName;
import io.whimbrel.rule.RuleTarget;
import io.whimbrel.rule.Violation;
import io.whimbrel.validation.report.RuleResult;
import io.whimbrel.validation.rule.Finding;
import io.whimbrel.validation.rule.Rows;
import io.whimbrel.validation.rule.SqlStates;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One look of a plug-in, on a connection of its own that is gone afterwards. Whatever the plug-in
 * does, its own result tells it and no other's does.
 */
public final class PluginLook {
  private static final Logger LOG = Logger.getLogger(PluginLook.class);
  private static final int LONGEST_MESSAGE = 1_000;
  private static final int MOST_VIOLATIONS = 1_000;
  private static final int LOOKS_AT = 1;

  /** The last look of each plug-in that did not come back in time. */
  private static final Map<Plugin, Limited<?>> HANGING = new ConcurrentHashMap<>();

  /** Opens connections that see the snapshot of the report. */
  public interface Source {

    /** In a transaction that reads only; the caller closes it. */
    Connection open(Duration statementTimeout) throws SQLException;

    /** Keeps the snapshot alive. */
    void keep() throws SQLException;
  }

  /** What a plug-in is told of the target. */
  public record Told(
      String name, Phase phase, List<TableName> touched, List<TableName> neighbours) {}

  private record Asked(Told told, Connection connection) implements RuleTarget {
    @Override
    public String name() {
      return told.name();
    }

    @Override
    public Phase phase() {
      return told.phase();
    }

    @Override
    public List<TableName> touched() {
      return told.touched();
    }

    @Override
    public List<TableName> neighbours() {
      return told.neighbours();
    }
  }

  private final Plugin plugin;
  private final Told told;
  private final Duration limit;

  /**
   * Looks by the plug-in.
   *
   * @param longest that any plug-in may take
   */
  public PluginLook(Plugin plugin, Told told, Duration longest) {
    this.plugin = plugin;
    this.told = told;
    this.limit = plugin.timeout().compareTo(longest) < 0 ? plugin.timeout() : longest;
  }

  /**
   * Looks.
   *
   * @throws SQLException if the target cannot be looked at now, which is not for want of the
   *     plug-in
   * @throws InterruptedException if nobody wants to know any more
   */
  public RuleResult look(Source source) throws SQLException, InterruptedException {
    long start = System.nanoTime();
    Limited<?> before = HANGING.get(plugin);
    if (before != null && before.runs()) {
      return failed(start, "its last look has not come back yet; restart the service without it");
    }
    Connection connection = source.open(limit);
    try {
      String transaction = transaction(connection);
      List<Finding> findings = findings(connection, source);
      String fault = leftBehind(connection, transaction);
      return fault == null
          ? RuleResult.of(plugin.id(), LOOKS_AT, 0, since(start), findings, List.of())
          : failed(start, fault);
    } catch (TimeoutException e) {
      return failed(start, "it took longer than " + limit.toMillis() + " ms");
    } catch (ExecutionException e) {
      return failed(start, why(Objects.requireNonNullElse(e.getCause(), e)));
    } finally {
      // It may be in use yet, and closing would wait for that.
      connection.abort(Runnable::run);
    }
  }

  private List<Finding> findings(Connection connection, Source source)
      throws SQLException, InterruptedException, ExecutionException, TimeoutException {
    Asked asked = new Asked(told, GuardedConnection.of(connection));
    Limited<List<Finding>> look =
        Limited.start(
            "plug-in " + plugin.id(),
            plugin.code().getClass().getClassLoader(),
            () -> {
              List<Violation> violations = plugin.code().look(asked);
              return violations.stream().limit(MOST_VIOLATIONS).map(this::finding).toList();
            });
    try {
      return look.await(limit, source::keep);
    } catch (TimeoutException e) {
      HANGING.put(plugin, look);
      throw e;
    }
  }

  /** What a plug-in that came back did to its connection, if that makes its answer worthless. */
  private static @Nullable String leftBehind(Connection connection, String transaction) {
    try {
      return transaction.equals(transaction(connection))
          ? null
          : "it ended the transaction that it was to look in";
    } catch (SQLException e) {
      return "it left its transaction failed (SQLSTATE " + SqlStates.of(e) + ")";
    }
  }

  private Finding finding(Violation violation) {
    TableName table = violation.table();
    Severity severity = plugin.description().severity();
    boolean neighbour = table != null && told.neighbours().contains(table);
    return new Finding(
        neighbour && severity.compareTo(Severity.WARNING) > 0 ? Severity.WARNING : severity,
        table,
        violation.subject(),
        Math.max(0, violation.rows()),
        shortened(violation.message()),
        violation.keys().stream().limit(Rows.SAMPLES).toList(),
        violation.remedy());
  }

  private static String shortened(String message) {
    return message.length() > LONGEST_MESSAGE
        ? message.substring(0, LONGEST_MESSAGE) + "…"
        : message;
  }

  private RuleResult failed(long start, String reason) {
    return RuleResult.failed(
        plugin.id(), since(start), "plug-in " + plugin.jar() + " failed: " + reason);
  }

  /** What an exception says may quote values, so only its kind and its place are told. */
  private String why(Throwable cause) {
    StackTraceElement[] trace = cause.getStackTrace();
    LOG.warnf(
        "Plug-in %s of %s failed: %s at %s",
        plugin.id(),
        plugin.jar(),
        cause.getClass().getName(),
        trace.length == 0 ? "an unknown place" : trace[0]);
    return SqlStates.within(cause)
        .map(state -> "SQLSTATE " + state)
        .orElse(cause.getClass().getName());
  }

  private static String transaction(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select virtualtransaction from pg_catalog.pg_locks where pid ="
                    + " pg_catalog.pg_backend_pid() and locktype = 'virtualxid'")) {
      row.next();
      return row.getString(1);
    }
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
