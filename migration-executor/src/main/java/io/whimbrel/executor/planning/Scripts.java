package io.whimbrel.executor.planning;

import io.whimbrel.executor.apply.Callbacks;
import io.whimbrel.executor.catalog.Catalogue;
import io.whimbrel.executor.catalog.CatalogueReader;
import io.whimbrel.executor.catalog.CatalogueReaders;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Moment;
import io.whimbrel.executor.catalog.PlaceholderSyntax;
import io.whimbrel.executor.catalog.Placeholders;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.run.RunMigration;
import io.whimbrel.target.Project;
import io.whimbrel.target.Target;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The scripts of a target as its catalogue has them now. */
@ApplicationScoped
public class Scripts {
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  /** A catalogue and what stands for its placeholders. */
  public record Current(Catalogue catalogue, Placeholders placeholders) {

    /** A migration ready to run. */
    public Script script(Migration migration) {
      return Script.of(migration, placeholders);
    }

    /**
     * Migrations ready to run, in the same order.
     *
     * @throws Refusal naming the first that cannot run as it is written
     */
    public List<Script> scripts(List<Migration> migrations) {
      return Script.all(migrations, placeholders);
    }

    /**
     * The callbacks, ready to run.
     *
     * @throws Refusal naming one that cannot run as it is written
     */
    public Callbacks callbacks() {
      Map<Moment, List<Script>> ready = new EnumMap<>(Moment.class);
      catalogue
          .callbacks()
          .forEach((moment, those) -> ready.put(moment, those.stream().map(this::script).toList()));
      return new Callbacks(ready);
    }

    /**
     * Migrations that were planned, in the same order, if they are still the same.
     *
     * @throws Refusal if the file of one is gone or has changed since
     */
    public List<Script> planned(List<RunMigration> planned) {
      List<Script> scripts =
          scripts(planned.stream().map(one -> catalogue.named(one.script())).toList());
      for (int i = 0; i < scripts.size(); i++) {
        if (!Objects.equals(planned.get(i).checksum(), scripts.get(i).checksum())) {
          throw new Refusal(
              planned.get(i).script()
                  + " has changed since the run was planned and validated; request the run again");
        }
      }
      return scripts;
    }
  }

  /**
   * Reads the catalogue of a target.
   *
   * @throws Refusal if nobody can read its format
   */
  public Current of(Target target) {
    CatalogueReader reader = CatalogueReaders.of(target.format());
    return new Current(reader.read(target.catalog()), placeholders(target));
  }

  public static Placeholders placeholders(Target target) {
    Project project = target.project();
    String directory = project.workingDirectory();
    return new Placeholders(
        new PlaceholderSyntax(
            project.placeholderPrefix(),
            project.placeholderSuffix(),
            project.placeholderSeparator(),
            project.placeholderReplacement()),
        target.placeholders(),
        Map.of(
            "defaultSchema",
            target.defaultSchema(),
            "user",
            target.executor().user(),
            "database",
            database(target),
            "timestamp",
            LocalDateTime.now(ZoneId.systemDefault()).format(TIMESTAMP),
            "environment",
            project.environment(),
            "workingDirectory",
            directory == null ? Path.of("").toAbsolutePath().toString() : directory));
  }

  private static String database(Target target) {
    String path = URI.create(target.url().substring("jdbc:".length())).getPath();
    return path == null ? "" : path.substring(1);
  }
}
