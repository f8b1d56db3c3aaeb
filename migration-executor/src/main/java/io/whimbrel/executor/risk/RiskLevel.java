package io.whimbrel.executor.risk;

import java.util.Locale;

/** How bad it would be, the least first. */
public enum RiskLevel {
  LOW,
  MEDIUM,
  HIGH;

  /** As in the targets file and in documents. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
