package io.whimbrel.validation.rule;

/** What a rule reads of each thing it looks at, the cheapest first. */
public enum CostClass {
  /** The catalogue only. */
  CATALOGUE,
  /** Each row of a table once. */
  SCAN,
  /** Each row of a table once, looked up in another. */
  JOIN,
  /** Each row of a table once, sorted or hashed. */
  SORT,
  /** What the author of a plug-in has it read. */
  OWN
}
