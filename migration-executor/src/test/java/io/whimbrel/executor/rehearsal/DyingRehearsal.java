package io.whimbrel.executor.rehearsal;

import io.whimbrel.target.Login;
import io.whimbrel.target.Policy;
import io.whimbrel.target.Target;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A process that rehearses a script without an end, to be killed while it does. */
final class DyingRehearsal {
  private DyingRehearsal() {}

  public static void main(String[] args) throws Exception {
    Rehearsal.rehearse(
        target(args[0], args[1]),
        UUID.fromString(args[2]),
        RehearsedDatabase.scripts(List.of("select pg_sleep(600)")));
  }

  static Target target(String url, String owner) {
    return new Target(
        "test",
        url,
        List.of(Path.of(".")),
        "flyway",
        Login.of(owner),
        Login.of(owner),
        List.of("public"),
        Map.of(),
        true,
        "0",
        false,
        Policy.DEFAULT);
  }
}
