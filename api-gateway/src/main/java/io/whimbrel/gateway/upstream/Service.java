package io.whimbrel.gateway.upstream;

/** The services behind the gateway. */
public enum Service {
  EXECUTOR("migration-executor"),
  VALIDATION("validation-service"),
  MONITORING("monitoring-service");

  private final String label;

  Service(String label) {
    this.label = label;
  }

  /** The name by which people know it. */
  public String label() {
    return label;
  }
}
