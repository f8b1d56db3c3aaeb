package io.whimbrel.rule;

import io.whimbrel.event.Severity;

/**
 * A rule as people read it.
 *
 * @param id names the rule in requests, reports and events: {@code [a-z][a-z0-9_]{0,62}}, and no
 *     other rule's
 * @param name what holds where the rule passes
 * @param severity of its violations in a touched table; in a neighbouring table they warn
 * @param description what it checks
 * @param why why that matters
 * @param remedy what to do about a violation
 * @param bad SQL of a small database in which it finds something
 * @param good the same without the fault
 */
public record RuleInfo(
    String id,
    String name,
    Severity severity,
    String description,
    String why,
    String remedy,
    String bad,
    String good) {}
