package io.whimbrel.executor.rehearsal.facts;

/** PostgreSQL's modes of locks on relations, the weakest first. */
public enum LockMode {
  ACCESS_SHARE("AccessShareLock"),
  ROW_SHARE("RowShareLock"),
  ROW_EXCLUSIVE("RowExclusiveLock"),
  SHARE_UPDATE_EXCLUSIVE("ShareUpdateExclusiveLock"),
  SHARE("ShareLock"),
  SHARE_ROW_EXCLUSIVE("ShareRowExclusiveLock"),
  EXCLUSIVE("ExclusiveLock"),
  ACCESS_EXCLUSIVE("AccessExclusiveLock");

  private final String inPgLocks;

  LockMode(String inPgLocks) {
    this.inPgLocks = inPgLocks;
  }

  /** From the name in {@code pg_locks.mode}. */
  public static LockMode of(String inPgLocks) {
    for (LockMode mode : values()) {
      if (mode.inPgLocks.equals(inPgLocks)) {
        return mode;
      }
    }
    throw new IllegalArgumentException("No mode of a lock is called " + inPgLocks);
  }

  /** Whether those who insert, update or delete wait for its holder. */
  public boolean blocksWriters() {
    return compareTo(SHARE) >= 0;
  }

  /** Whether those who read wait for its holder. */
  public boolean blocksReaders() {
    return this == ACCESS_EXCLUSIVE;
  }

  /** As in PostgreSQL's manual. */
  public String words() {
    return name().replace('_', ' ');
  }
}
