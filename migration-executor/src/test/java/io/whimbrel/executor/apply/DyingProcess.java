package io.whimbrel.executor.apply;

import java.nio.file.Path;

/** A process that applies version 2 of a catalogue and is gone at a point, without a last word. */
final class DyingProcess {

  static final int DIED = 9;

  private DyingProcess() {}

  public static void main(String[] args) throws Exception {
    CrashPoint point = CrashPoint.valueOf(args[3]);
    boolean after = Boolean.parseBoolean(args[4]);
    TestTarget target = TestTarget.at(args[0], Path.of(args[1])).adopted();
    CrashPoint.arm(
        (passed, afterIt) -> {
          if (passed == point && afterIt == after) {
            Runtime.getRuntime().halt(DIED);
          }
        });
    try (TargetSession session = target.session(Long.parseLong(args[2]))) {
      TestTarget.runner(session, ApplyListener.SILENT, new CancelSignal())
          .apply(target.script("2"), InTransaction.NOTHING);
    }
  }
}
