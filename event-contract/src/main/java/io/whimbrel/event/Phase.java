package io.whimbrel.event;

/** When a validation looks: around a run, or by itself. */
public enum Phase {
  BEFORE,
  AFTER,
  TARGETED
}
