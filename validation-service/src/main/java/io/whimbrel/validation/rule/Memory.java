package io.whimbrel.validation.rule;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What an earlier look at the same target noted, and what this one notes for a later one. Notes are
 * counters, names of the catalogue and digests; no value of a row is among them.
 */
public final class Memory {
  private final @Nullable Map<String, String> earlier;
  private final Map<String, String> notes = new ConcurrentHashMap<>();

  /**
   * Remembers.
   *
   * @param earlier the notes of the earlier look; null if there was none
   */
  public Memory(@Nullable Map<String, String> earlier) {
    this.earlier = earlier == null ? null : Map.copyOf(earlier);
  }

  /** Nothing is there to compare with. */
  public static Memory none() {
    return new Memory(null);
  }

  Optional<String> recall(String key) {
    return earlier == null ? Optional.empty() : Optional.ofNullable(earlier.get(key));
  }

  /** All that was noted under keys with this beginning. */
  Map<String, String> recallAll(String beginning) {
    Map<String, String> found = new TreeMap<>();
    if (earlier != null) {
      earlier.forEach(
          (key, value) -> {
            if (key.startsWith(beginning)) {
              found.put(key.substring(beginning.length()), value);
            }
          });
    }
    return found;
  }

  void note(String key, String value) {
    notes.put(key, value);
  }

  /** What was noted so far. */
  public Map<String, String> notes() {
    return Map.copyOf(notes);
  }
}
