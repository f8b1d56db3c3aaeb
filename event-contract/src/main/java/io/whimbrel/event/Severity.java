package io.whimbrel.event;

/** How much a finding or an alert matters, the least first. */
public enum Severity {
  INFO,
  WARNING,
  ERROR,
  CRITICAL
}
