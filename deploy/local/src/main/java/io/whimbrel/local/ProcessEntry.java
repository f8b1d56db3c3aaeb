package io.whimbrel.local;

import java.time.Instant;
import java.util.Optional;

/**
 * A process as a file names it: by its number and the time of its start, as numbers are given anew.
 *
 * @param start in milliseconds since 1970; 0 if the system does not tell
 */
record ProcessEntry(long pid, long start) {

  static ProcessEntry of(ProcessHandle process) {
    return new ProcessEntry(process.pid(), startOf(process));
  }

  static ProcessEntry parse(String text) {
    String[] words = text.split(" ", -1);
    return new ProcessEntry(Long.parseLong(words[0]), Long.parseLong(words[1]));
  }

  /** The process, if it still runs. */
  Optional<ProcessHandle> find() {
    return ProcessHandle.of(pid).filter(process -> start != 0 && startOf(process) == start);
  }

  private static long startOf(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  @Override
  public String toString() {
    return pid + " " + start;
  }
}
