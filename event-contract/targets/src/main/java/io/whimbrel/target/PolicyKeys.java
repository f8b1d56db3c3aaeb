package io.whimbrel.target;

import io.whimbrel.event.RiskRuleName;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The keys under {@code policy} of a target. */
final class PolicyKeys {
  private static final Pattern PERCENT = Pattern.compile("100|\\d{1,2}");
  private static final List<String> RISKS = List.of("none", "low", "medium", "high");
  private static final List<String> CHECKS = List.of("read", "restore");
  private static final Set<String> KEYS =
      TargetsFile.keys(
          "requireProvenRollback refuseRisk risks planAge lockTimeout lockBudget"
              + " statementTimeout idleTimeout throttle backupCheck derivedUndo checkDrift");
  private static final Set<String> THROTTLE_KEYS =
      TargetsFile.keys("replicaLag walRate waiting vacuum connections");

  private PolicyKeys() {}

  /** The policy in its block of the file. */
  static Policy read(Block block) {
    block.allow(KEYS);
    Policy standard = Policy.DEFAULT;
    return new Policy(
        block.flag("requireProvenRollback", standard.requireProvenRollback()),
        block.oneOf("refuseRisk", standard.refuseRisk(), RISKS),
        risks(block),
        planAge(block, standard.planAge()),
        timeouts(block),
        throttle(block.block("throttle")),
        new Recovery(
            block.oneOf("backupCheck", "read", CHECKS).equals("restore"),
            block.flag("derivedUndo", standard.recovery().derivedUndo())),
        block.flag("checkDrift", standard.checkDrift()));
  }

  private static Map<String, RiskTreatment> risks(Block policy) {
    Map<String, RiskTreatment> risks = new LinkedHashMap<>();
    Block block = policy.block("risks");
    policy
        .map("risks")
        .forEach(
            (rule, word) -> {
              if (!RiskRuleName.ALL.contains(rule)) {
                block.problem(
                    rule,
                    "is not the name of a risk",
                    "use those that a plan gives: " + String.join(", ", RiskRuleName.ALL));
              }
              Optional<RiskTreatment> treatment =
                  Stream.of(RiskTreatment.values()).filter(t -> t.key().equals(word)).findFirst();
              treatment.ifPresentOrElse(
                  known -> risks.put(rule, known),
                  () -> block.problem(rule, "is not known", "use refuse, superadmin or warn"));
            });
    return risks;
  }

  private static Duration planAge(Block block, Duration otherwise) {
    Duration age = block.duration("planAge", otherwise);
    if (age.isZero()) {
      block.problem("planAge", "is zero", "give a time in which a plan may be executed, as 24h");
    }
    return age;
  }

  private static Throttle throttle(Block block) {
    block.allow(THROTTLE_KEYS);
    Throttle standard = Throttle.DEFAULT;
    return new Throttle(
        block.duration("replicaLag", standard.replicaLag()),
        rate(block, standard.walRate()),
        block.duration("waiting", standard.waiting()),
        block.flag("vacuum", standard.vacuum()),
        percent(block, standard.connections()));
  }

  private static long rate(Block block, long otherwise) {
    String text = block.text("walRate", "");
    if (text.isEmpty() || text.equals("0")) {
      return text.isEmpty() ? otherwise : 0;
    }
    OptionalLong bytes = Throttle.bytes(text);
    if (bytes.isEmpty()) {
      block.problem("walRate", "is not an amount", "write a number and its unit, such as 50MB");
    }
    return bytes.orElse(otherwise);
  }

  private static int percent(Block block, int otherwise) {
    String text = block.text("connections", Integer.toString(otherwise));
    if (!PERCENT.matcher(text).matches()) {
      block.problem("connections", "is not a percentage", "write a number from 1 to 100, or 0");
      return otherwise;
    }
    return Integer.parseInt(text);
  }

  private static Timeouts timeouts(Block block) {
    Timeouts standard = Timeouts.DEFAULT;
    Duration lock = block.duration("lockTimeout", standard.lock());
    if (lock.isZero()) {
      // Zero means "for ever" to PostgreSQL, and everyone else would wait behind us.
      block.problem("lockTimeout", "is zero", "give a time after which to let others pass, as 3s");
    }
    Duration idle = block.duration("idleTimeout", standard.idle());
    if (idle.isZero()) {
      // A frozen owner's transaction would keep its locks for ever.
      block.problem("idleTimeout", "is zero", "give a time after which its owner is gone, as 90s");
    }
    return new Timeouts(
        lock,
        block.duration("lockBudget", standard.lockBudget()),
        block.duration("statementTimeout", standard.statement()),
        idle);
  }
}
