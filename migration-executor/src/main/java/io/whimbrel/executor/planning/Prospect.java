package io.whimbrel.executor.planning;

import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.RunOptions;
import io.whimbrel.executor.apply.History;
import io.whimbrel.executor.catalog.Catalogue;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.plan.Selection;
import io.whimbrel.executor.plan.Survey;
import io.whimbrel.executor.plan.approval.PlanBasis;
import io.whimbrel.executor.plan.approval.PlanBasis.NamedChecksum;
import io.whimbrel.executor.plan.approval.TargetFingerprint;
import io.whimbrel.target.Target;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What would be applied to a target as it is now.
 *
 * @param survey what the request comes to, and what stands against it
 * @param ready the scripts that can run, in order; as many as the survey has migrations, unless one
 *     of them is a problem
 */
public record Prospect(
    Target target, Scripts.Current current, History history, Survey survey, List<Script> ready) {

  public Prospect {
    ready = List.copyOf(ready);
  }

  public Catalogue catalogue() {
    return current.catalogue();
  }

  /** Whether every script of the survey can run. */
  public boolean complete() {
    return ready.size() == survey.migrations().size();
  }

  /** The scripts and the callbacks around them, in the order in which a run executes them. */
  public List<Script> withCallbacks() {
    return current.callbacks().around(ready);
  }

  /** Which migrations a request asks for. */
  public static Selection selection(@Nullable String migration, @Nullable String upTo) {
    if (migration != null) {
      return new Selection.Named(migration);
    }
    return upTo == null ? new Selection.All() : new Selection.UpTo(upTo);
  }

  /** Which migrations a request asks for. */
  public static Selection selection(MigrationRequested request) {
    return selection(request.migration(), request.upTo());
  }

  /** What a plan of it rests on. */
  public PlanBasis basis(
      @Nullable String migration,
      @Nullable String upTo,
      RunOptions options,
      TargetFingerprint fingerprint) {
    return new PlanBasis(
        ready.stream()
            .map(script -> new NamedChecksum(script.migration().script(), script.checksum()))
            .toList(),
        beside(),
        options(migration, upTo, options),
        Map.of(
            "placeholders", digest(target.placeholders()),
            "schemas", PlanBasis.sha256(String.join("\0", target.schemas()))),
        fingerprint);
  }

  private static String digest(Map<String, String> values) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(values)
        .forEach((name, value) -> text.append(name).append('\0').append(value).append('\0'));
    return PlanBasis.sha256(text.toString());
  }

  /** Undo scripts and callbacks: they belong to what was read, though not to what is applied. */
  private Map<String, String> beside() {
    Map<String, String> beside = new LinkedHashMap<>();
    for (Migration migration : survey.migrations()) {
      if (migration.version() != null) {
        catalogue()
            .undoOf(migration.version())
            .ifPresent(undo -> beside.put(undo.script(), Integer.toString(undo.checksum())));
      }
    }
    catalogue().callbacks().values().stream()
        .flatMap(List::stream)
        .forEach(callback -> beside.put(callback.script(), Integer.toString(callback.checksum())));
    return beside;
  }

  // How a run is told of does not change what it does; and acceptRisks answers to a plan.
  private static Map<String, String> options(
      @Nullable String migration, @Nullable String upTo, RunOptions options) {
    Map<String, String> named = new LinkedHashMap<>();
    named.put("migration", migration == null ? "" : migration);
    named.put("upTo", upTo == null ? "" : upTo);
    named.put("validateBefore", Boolean.toString(options.validateBefore()));
    named.put("validateAfter", Boolean.toString(options.validateAfter()));
    named.put("createBackup", Boolean.toString(options.createBackup()));
    named.put("rollbackOnFailure", Boolean.toString(options.rollbackOnFailure()));
    named.put("atomic", Boolean.toString(options.atomic()));
    named.put("acceptDataLoss", Boolean.toString(options.acceptDataLoss()));
    named.put("repair", String.join(", ", options.repair()));
    named.put("ignore", String.join(", ", options.ignore()));
    named.put("backupScope", options.backupScope().name());
    named.put("backupCheck", options.backupCheck().name());
    return named;
  }
}
