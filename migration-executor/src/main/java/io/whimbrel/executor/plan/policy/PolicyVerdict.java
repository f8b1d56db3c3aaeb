package io.whimbrel.executor.plan.policy;

import java.util.List;

/**
 * Whether the policy of a target lets a run pass.
 *
 * @param allowed whether it does
 * @param refused why not: one sentence for each rule or migration that stands against it
 * @param accepted one sentence for each risk that it refuses and that the caller takes
 * @param unneeded one sentence for each risk that the caller takes for nothing
 * @param asks what the policy asks for, in words; empty if it asks for nothing
 */
public record PolicyVerdict(
    boolean allowed,
    List<String> refused,
    List<String> accepted,
    List<String> unneeded,
    String asks) {

  public static final PolicyVerdict NOTHING_ASKED =
      new PolicyVerdict(true, List.of(), List.of(), List.of(), "");

  public PolicyVerdict {
    refused = List.copyOf(refused);
    accepted = List.copyOf(accepted);
    // Plans that were stored before there was this have none.
    unneeded = unneeded == null ? List.of() : List.copyOf(unneeded);
  }
}
