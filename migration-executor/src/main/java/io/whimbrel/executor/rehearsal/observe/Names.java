package io.whimbrel.executor.rehearsal.observe;

import io.whimbrel.event.TableName;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What relations are called now, and what they were called before the run. */
final class Names {
  private final Map<Long, TableName> now = new HashMap<>();
  private final Map<Long, TableName> before = new HashMap<>();
  private final Map<TableName, Long> numbers = new HashMap<>();

  /** What is there now was there before. */
  void begin() {
    before.putAll(now);
  }

  void put(long relation, TableName name) {
    now.put(relation, name);
    numbers.put(name, relation);
  }

  /** Its name now, or the last one it had. */
  @Nullable TableName now(long relation) {
    return now.get(relation);
  }

  /** Its name on the target; null if it is new. */
  @Nullable TableName onTarget(long relation) {
    return before.get(relation);
  }

  /** The name on the target of what is called so now; null if it is new. */
  @Nullable TableName onTarget(TableName called) {
    Long number = numbers.get(called);
    return number == null ? null : before.get(number);
  }

  boolean existed(long relation) {
    return before.containsKey(relation);
  }
}
