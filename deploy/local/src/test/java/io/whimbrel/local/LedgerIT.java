package io.whimbrel.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerIT {

  @TempDir Path directory;

  @Test
  void whatAnEarlierStartHasLeftIsEndedAndNobodyElses() throws Exception {
    Path pids = directory.resolve("pids");
    try (ChildProcess left = sleeper("left");
        ChildProcess stranger = sleeper("stranger")) {
      new Ledger(pids).add(left);
      // A number that was given anew: the process is there, but began at another time.
      Files.writeString(pids.resolve("stranger"), stranger.pid() + " 1");

      assertThat(new Ledger(pids).endLeftovers()).isEqualTo(1);

      assertThat(left.alive()).isFalse();
      assertThat(stranger.alive()).isTrue();
      assertThat(new Ledger(pids).endLeftovers()).isZero();
    }
  }

  @Test
  void theHomeOfAKilledStackIsRemovedByTheNextOneWithItsProcesses() throws Exception {
    TemporaryHomes homes = new TemporaryHomes(directory);
    Path running = homes.create();
    Path abandoned = homes.create();
    Path notOurs = Files.createDirectory(directory.resolve("whimbrel-stack-"));
    try (ChildProcess left = sleeper("left")) {
      new Ledger(abandoned.resolve("pids")).add(left);
      Files.writeString(abandoned.resolve("owner"), ProcessHandle.current().pid() + " 1");

      homes.create();

      assertThat(abandoned).doesNotExist();
      assertThat(left.alive()).isFalse();
      assertThat(running).exists();
      assertThat(notOurs).exists();
    }
  }

  private ChildProcess sleeper(String name) {
    return ChildProcess.start(
        new ChildProcess.Spec(
            name, List.of("sleep", "60"), Map.of(), directory, directory.resolve(name + ".log")));
  }
}
