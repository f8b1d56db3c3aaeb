package io.whimbrel.executor.catalog;

/**
 * Something asked for cannot be done as it stands, and nothing was changed. The message names the
 * thing, what is wrong with it, and what to do next; it repeats no SQL.
 */
public final class Refusal extends RuntimeException {

  public Refusal(String message) {
    super(message, null, false, false);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
