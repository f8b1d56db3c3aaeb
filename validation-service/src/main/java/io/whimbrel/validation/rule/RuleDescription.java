package io.whimbrel.validation.rule;

import io.whimbrel.event.Severity;

/**
 * A rule as people read it.
 *
 * @param id names the rule in requests, reports and events, e.g. {@code fk_integrity}
 * @param severity of its findings in a touched table
 * @param description what it checks
 * @param why why that matters
 * @param remedy what to do about a finding
 * @param costClass what it reads
 * @param bad a database in which it finds something
 * @param good the same without the fault
 */
public record RuleDescription(
    String id,
    String name,
    Category category,
    Severity severity,
    String description,
    String why,
    String remedy,
    CostClass costClass,
    Example bad,
    Example good) {}
