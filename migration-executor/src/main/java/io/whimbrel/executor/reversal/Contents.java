package io.whimbrel.executor.reversal;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What all tables and sequences of a database hold, by the number of the relation. */
record Contents(Map<Long, TableContents> tables) {

  Contents with(Set<Long> read, Map<Long, TableContents> fresh) {
    Map<Long, TableContents> all = new HashMap<>(tables);
    all.keySet().removeAll(read);
    all.putAll(fresh);
    return new Contents(all);
  }

  /** Names of what holds something else in both, or is in one of them only. */
  Set<String> differences(Contents other) {
    Map<String, TableContents> mine = apartFrom(other);
    Map<String, TableContents> theirs = other.apartFrom(this);
    Set<String> names = new TreeSet<>();
    mine.forEach(
        (name, contents) -> {
          TableContents same = theirs.get(name);
          if (same == null || !same.sameAs(contents)) {
            names.add(name);
          }
        });
    theirs.keySet().stream().filter(name -> !mine.containsKey(name)).forEach(names::add);
    return names;
  }

  private Map<String, TableContents> apartFrom(Contents other) {
    Map<String, TableContents> apart = new HashMap<>();
    tables.forEach(
        (oid, contents) -> {
          if (!contents.equals(other.tables.get(oid))) {
            apart.put(contents.name(), contents);
          }
        });
    return apart;
  }
}
