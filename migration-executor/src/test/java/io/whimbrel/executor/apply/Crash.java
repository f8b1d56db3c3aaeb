package io.whimbrel.executor.apply;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Watches the points where the process may die, and lets it die at one of them as its target sees
 * it: its sessions are gone, and nothing more is done in them.
 */
public final class Crash implements AutoCloseable {

  private static final int NEVER = -1;

  private final TestTarget target;
  private final int pass;
  private final boolean once;
  private final List<Pass> passed = new CopyOnWriteArrayList<>();

  /** A point that was passed, before its write or after it. */
  public record Pass(CrashPoint point, boolean after) {
    @Override
    public String toString() {
      return (after ? "after " : "before ") + point;
    }
  }

  /** What unwinds the thread in place of its end. */
  public static final class Died extends Error {
    private static final long serialVersionUID = 1;

    Died(String where) {
      super(where);
    }
  }

  private Crash(TestTarget target, int pass, boolean once) {
    this.target = target;
    this.pass = pass;
    this.once = once;
    CrashPoint.arm(this::at);
  }

  /** Only notes what is passed. */
  public static Crash never(TestTarget target) {
    return new Crash(target, NEVER, false);
  }

  /** Dies at a pass, counted from 0, and at every later one. */
  public static Crash at(int pass, TestTarget target) {
    return new Crash(target, pass, false);
  }

  /** Dies at a pass, counted from 0; another attempt then goes on. */
  public static Crash onceAt(int pass, TestTarget target) {
    return new Crash(target, pass, true);
  }

  public List<Pass> passed() {
    return List.copyOf(passed);
  }

  private void at(CrashPoint point, boolean after) {
    Pass now = new Pass(point, after);
    passed.add(now);
    if (pass != NEVER && passed.size() > pass && !(once && passed.size() > pass + 1)) {
      target.asSuperuser(
          "select pg_terminate_backend(pid, 5000) from pg_stat_activity"
              + " where datname = current_database() and application_name like 'whimbrel:%'");
      throw new Died(now.toString());
    }
  }

  @Override
  public void close() {
    CrashPoint.arm(null);
  }
}
