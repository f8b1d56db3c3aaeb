package io.whimbrel.executor.apply;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * Watches the points where the process may die, and lets it die there as its target sees it: its
 * sessions are gone, and nothing more is done in them.
 */
public final class Crash implements AutoCloseable {

  /** The points whose cases are whole runs; those of all others are single scripts. */
  public static final Set<CrashPoint> OF_RUNS =
      Collections.unmodifiableSet(EnumSet.range(CrashPoint.RESTORED, CrashPoint.RUN_STATE));

  private final TestTarget target;
  private final Predicate<Pass> dies;
  private final List<Pass> passed = new CopyOnWriteArrayList<>();

  /** A point that was passed, before its write or after it. */
  public record Pass(CrashPoint point, boolean after) {
    @Override
    public String toString() {
      return (after ? "after " : "before ") + point;
    }
  }

  /**
   * One of several equal passes.
   *
   * @param time counted from 1
   */
  public record Nth(Pass pass, int time) {
    public static Nth before(CrashPoint point, int time) {
      return new Nth(new Pass(point, false), time);
    }

    public static Nth after(CrashPoint point, int time) {
      return new Nth(new Pass(point, true), time);
    }

    @Override
    public String toString() {
      return pass + " (" + time + ")";
    }
  }

  /** What unwinds the thread in place of its end. */
  public static final class Died extends Error {
    private static final long serialVersionUID = 1;

    Died(String where) {
      super(where);
    }
  }

  private Crash(TestTarget target, Predicate<Pass> dies) {
    this.target = target;
    this.dies = dies;
    CrashPoint.arm(this::at);
  }

  private Crash(TestTarget target, int pass) {
    this.target = target;
    this.dies = now -> passed.size() > pass;
    CrashPoint.arm(this::at);
  }

  private Crash(TestTarget target, List<Nth> deaths) {
    this.target = target;
    this.dies = now -> deaths.contains(new Nth(now, Collections.frequency(passed, now)));
    CrashPoint.arm(this::at);
  }

  /** Only notes what is passed. */
  public static Crash never(TestTarget target) {
    return new Crash(target, now -> false);
  }

  /** Dies at a pass, counted from 0, and at every later one. */
  public static Crash at(int pass, TestTarget target) {
    return new Crash(target, pass);
  }

  /** Dies at each of these passes; after each another attempt goes on. */
  public static Crash at(List<Nth> deaths, TestTarget target) {
    return new Crash(target, deaths);
  }

  public List<Pass> passed() {
    return List.copyOf(passed);
  }

  private void at(CrashPoint point, boolean after) {
    Pass now = new Pass(point, after);
    passed.add(now);
    if (dies.test(now)) {
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
