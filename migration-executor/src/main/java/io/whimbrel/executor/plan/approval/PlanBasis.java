package io.whimbrel.executor.plan.approval;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Everything that a plan was approved for. A run of the plan rests on the same, or it is another
 * one and is refused.
 *
 * @param scripts what is applied, in order, each with its checksum
 * @param beside undo scripts and callbacks that belong to it, by name, each with its checksum
 * @param options of the request, by name
 * @param settings of the target that decide what a script says, by name, each as a digest
 */
public record PlanBasis(
    List<NamedChecksum> scripts,
    Map<String, String> beside,
    Map<String, String> options,
    Map<String, String> settings,
    TargetFingerprint target) {

  /** A script and the checksum of its text. */
  public record NamedChecksum(String script, int checksum) {}

  public PlanBasis {
    scripts = List.copyOf(scripts);
    // In one order, so that the same basis always has the same digest.
    beside = new TreeMap<>(beside);
    options = new TreeMap<>(options);
    settings = new TreeMap<>(settings);
  }

  /** SHA-256 over all of it, in hex. */
  public String digest() {
    List<String> parts = new ArrayList<>();
    scripts.forEach(one -> parts.add(one.script() + "\0" + one.checksum()));
    List.of(beside, options, settings, target.structure()).forEach(map -> add(parts, map));
    parts.add(target.systemIdentifier() + "\0" + target.database() + "\0" + target.history());
    return sha256(String.join("\1", parts));
  }

  private static void add(List<String> parts, Map<String, String> map) {
    parts.add(Integer.toString(map.size()));
    map.forEach((name, value) -> parts.add(name + "\0" + value));
  }

  /** SHA-256 in hex. */
  public static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every Java", e);
    }
  }

  /** What is no longer as it was, one sentence each; empty if nothing has changed. */
  public List<String> changesUntil(PlanBasis now) {
    List<String> changes = new ArrayList<>();
    changes.addAll(changesOfOptions(now));
    changes.addAll(changesOfScripts(now));
    changes.addAll(target.changesUntil(now.target));
    return changes;
  }

  private List<String> changesOfOptions(PlanBasis now) {
    List<String> changes = new ArrayList<>();
    for (String name : names(options, now.options)) {
      String before = options.getOrDefault(name, "");
      String after = now.options.getOrDefault(name, "");
      if (!before.equals(after)) {
        changes.add(
            "%s is %s in the plan and %s in the request"
                .formatted(name, orNothing(before), orNothing(after)));
      }
    }
    for (String name : names(settings, now.settings)) {
      if (!settings.getOrDefault(name, "").equals(now.settings.getOrDefault(name, ""))) {
        changes.add("the " + name + " of the target have changed in the targets file");
      }
    }
    return changes;
  }

  private List<String> changesOfScripts(PlanBasis now) {
    Map<String, Integer> before = checksums();
    Map<String, Integer> after = now.checksums();
    List<String> changes = new ArrayList<>();
    before.forEach(
        (script, checksum) -> {
          Integer other = after.get(script);
          if (other == null) {
            changes.add(script + " was planned and is not pending any more");
          } else if (!other.equals(checksum)) {
            changes.add(
                "%s has changed (checksum %d then, %d now)".formatted(script, checksum, other));
          }
        });
    after.keySet().stream()
        .filter(script -> !before.containsKey(script))
        .forEach(script -> changes.add(script + " is pending and was not planned"));
    if (changes.isEmpty() && !scripts.equals(now.scripts)) {
      changes.add("the order of the scripts has changed");
    }
    for (String script : names(beside, now.beside)) {
      if (!beside.getOrDefault(script, "").equals(now.beside.getOrDefault(script, ""))) {
        changes.add(
            script
                + (!beside.containsKey(script)
                    ? " is new"
                    : now.beside.containsKey(script) ? " has changed" : " is gone"));
      }
    }
    return changes;
  }

  private Map<String, Integer> checksums() {
    Map<String, Integer> checksums = new LinkedHashMap<>();
    scripts.forEach(one -> checksums.put(one.script(), one.checksum()));
    return checksums;
  }

  private static Iterable<String> names(Map<String, String> one, Map<String, String> other) {
    Map<String, String> both = new TreeMap<>(one);
    both.putAll(other);
    return both.keySet();
  }

  private static String orNothing(String value) {
    return value.isEmpty() ? "absent" : value;
  }
}
