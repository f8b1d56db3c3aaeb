package io.whimbrel.validation.rule;

/** How far a validation goes. */
public enum Mode {
  /** Looks at what PostgreSQL does not guarantee. */
  QUICK,
  /** Looks also at what PostgreSQL guarantees, e.g. validated foreign keys. */
  FULL,
  /** Looks where QUICK does, at a few rows of large tables, and says how sure that is. */
  SAMPLE
}
