package io.whimbrel.monitoring.health;

/** What a check says now. */
record Verdict(String check, HealthStatus status, String reason) {}
