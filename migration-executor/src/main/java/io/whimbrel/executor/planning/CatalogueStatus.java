package io.whimbrel.executor.planning;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.executor.apply.AppliedMigration;
import io.whimbrel.executor.apply.History;
import io.whimbrel.executor.apply.SchemaHistory;
import io.whimbrel.executor.catalog.Catalogue;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.plan.PendingBaseline;
import io.whimbrel.target.Target;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What the catalogues hold beside what the targets say is applied. */
@ApplicationScoped
public class CatalogueStatus {
  private static final Logger LOG = Logger.getLogger(CatalogueStatus.class);

  private final Scripts scripts;

  CatalogueStatus(Scripts scripts) {
    this.scripts = scripts;
  }

  /**
   * A target in one line.
   *
   * @param pending how many migrations are not applied; absent if the target could not be asked
   * @param problem why it could not
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record TargetStatus(String target, @Nullable Long pending, @Nullable String problem) {}

  /** The catalogue of a target; problems keep any run from starting. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record CatalogueView(
      String target,
      List<MigrationView> migrations,
      List<String> problems,
      List<String> notices,
      @Nullable String targetProblem) {}

  /**
   * A migration of the catalogue.
   *
   * @param applied absent if the target could not be asked, or if a baseline migration that is
   *     pending takes its place
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record MigrationView(
      String script,
      String kind,
      @Nullable String version,
      String description,
      int checksum,
      @Nullable String undoScript,
      @Nullable Boolean applied,
      @Nullable Instant appliedAt) {}

  /** A target in one line. */
  TargetStatus status(Target target) {
    CatalogueView view = of(target);
    return new TargetStatus(
        target.name(),
        view.targetProblem() != null
            ? null
            : view.migrations().stream().filter(m -> Boolean.FALSE.equals(m.applied())).count(),
        view.targetProblem());
  }

  /** One target. */
  public CatalogueView of(Target target) {
    Catalogue catalogue;
    try {
      catalogue = scripts.of(target).catalogue();
    } catch (Refusal e) {
      return new CatalogueView(
          target.name(), List.of(), List.of(e.getMessage()), List.of(), e.getMessage());
    }
    History history = null;
    String problem = null;
    try (Connection connection = target.connect(target.executor(), "whimbrel-status")) {
      connection.setReadOnly(true);
      history = new SchemaHistory(target).read(connection);
    } catch (Refusal e) {
      problem = e.getMessage();
    } catch (SQLException e) {
      LOG.warnf("Target %s cannot be asked: %s", target.name(), e.getMessage());
      problem = "The target cannot be reached; SQLSTATE " + e.getSQLState();
    }
    List<MigrationView> views = new ArrayList<>();
    for (Migration migration : catalogue.baselines()) {
      if (history == null || concerns(migration, catalogue, history)) {
        views.add(view(migration, catalogue, history));
      }
    }
    for (Migration migration : catalogue.versioned()) {
      views.add(view(migration, catalogue, history));
    }
    for (Migration migration : catalogue.repeatable()) {
      views.add(view(migration, catalogue, history));
    }
    return new CatalogueView(
        target.name(), views, catalogue.problems(), catalogue.notices(), problem);
  }

  private static boolean concerns(Migration baseline, Catalogue catalogue, History history) {
    return applied(baseline, history).isPresent()
        || PendingBaseline.of(catalogue, history).script().filter(baseline::equals).isPresent();
  }

  private static MigrationView view(
      Migration migration, Catalogue catalogue, @Nullable History history) {
    Optional<AppliedMigration> applied =
        history == null ? Optional.empty() : applied(migration, history);
    return new MigrationView(
        migration.script(),
        migration.kind().name(),
        migration.version() == null ? null : migration.version().toString(),
        migration.description(),
        migration.checksum(),
        catalogue.undoOf(migration).map(Migration::script).orElse(null),
        history == null ? null : isApplied(migration, catalogue, history, applied.isPresent()),
        applied.map(AppliedMigration::installedOn).orElse(null));
  }

  private static @Nullable Boolean isApplied(
      Migration migration, Catalogue catalogue, History history, boolean hasRow) {
    if (!hasRow && PendingBaseline.of(catalogue, history).covers(migration)) {
      return null;
    }
    return hasRow
        || (migration.version() != null
            && history
                .baseline()
                .filter(b -> b.compareTo(migration.requiredVersion()) >= 0)
                .isPresent());
  }

  private static Optional<AppliedMigration> applied(Migration migration, History history) {
    if (migration.kind() == Migration.Kind.BASELINE) {
      return history.baselineScripts().stream()
          .filter(row -> Objects.equals(migration.version(), row.version()))
          .findFirst();
    }
    if (migration.version() != null) {
      return Optional.ofNullable(history.versions().get(migration.requiredVersion()));
    }
    Map<String, AppliedMigration> repeatables = history.repeatables();
    return Optional.ofNullable(repeatables.get(migration.description()));
  }
}
