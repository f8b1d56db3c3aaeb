package io.whimbrel.validation.check;

import io.whimbrel.event.TableName;
import io.whimbrel.validation.plugin.Plugin;
import io.whimbrel.validation.plugin.PluginConfig;
import io.whimbrel.validation.plugin.PluginLook;
import io.whimbrel.validation.plugin.Plugins;
import io.whimbrel.validation.report.Reach;
import io.whimbrel.validation.report.RuleResult;
import io.whimbrel.validation.report.Subject;
import io.whimbrel.validation.rule.Category;
import io.whimbrel.validation.rule.RuleDescription;
import io.whimbrel.validation.rule.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The looks of plug-ins: one after the other when the readers are done, so that a report has no
 * more connections for them.
 */
@ApplicationScoped
public class PluginLooks {
  private static final String ADMIN_SHUTDOWN = "57P01";

  private final Plugins plugins;
  private final Duration longest;

  @Inject
  PluginLooks(Plugins plugins, PluginConfig config) {
    this(plugins, config.timeout());
  }

  private PluginLooks(Plugins plugins, Duration longest) {
    this.plugins = plugins;
    this.longest = longest;
  }

  public static PluginLooks none() {
    return new PluginLooks(Plugins.none(), Duration.ZERO);
  }

  List<RuleDescription> catalogue() {
    return plugins.catalogue();
  }

  List<Plugin> wanted(Subject subject, Predicate<RuleDescription> wanted) {
    return plugins.loaded().stream()
        .filter(plugin -> plugin.phases().contains(subject.phase()))
        .filter(plugin -> wanted.test(plugin.description()))
        .toList();
  }

  /** A rule that is not there must not pass for one that found nothing. */
  List<RuleResult> faults(Subject subject, List<String> categories) {
    boolean concerned =
        subject.wish().rules().isEmpty()
            && (categories.isEmpty() || categories.contains(Category.CUSTOM.id()));
    return !concerned
        ? List.of()
        : plugins.faults().stream()
            .map(fault -> RuleResult.failed(fault.jar(), Duration.ZERO, fault.reason()))
            .toList();
  }

  /**
   * Looks.
   *
   * @throws SQLException if the target as a whole cannot be looked at now
   */
  List<RuleResult> run(
      List<Plugin> wanted, Snapshot snapshot, Scope scope, Subject subject, Progress progress)
      throws SQLException {
    List<TableName> neighbours =
        subject.wish().scope() == Reach.TABLES ? List.of() : scope.neighbours();
    PluginLook.Told told =
        new PluginLook.Told(subject.target(), subject.phase(), scope.touched(), neighbours);
    PluginLook.Source source = source(snapshot, progress);
    List<RuleResult> results = new ArrayList<>();
    try {
      for (Plugin plugin : wanted) {
        source.keep();
        results.add(new PluginLook(plugin, told, longest).look(source));
        progress.ruleDone();
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("the service is stopping", ADMIN_SHUTDOWN, e);
    }
  }

  private static PluginLook.Source source(Snapshot snapshot, Progress progress) {
    return new PluginLook.Source() {
      @Override
      public Connection open(Duration statementTimeout) throws SQLException {
        return snapshot.open(statementTimeout);
      }

      @Override
      public void keep() throws SQLException {
        progress.paused(snapshot.pressure().orElse(null));
      }
    };
  }
}
