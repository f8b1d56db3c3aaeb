package io.whimbrel.delivery;

/**
 * A record that is no event of its topic. The message says why and repeats nothing of its input.
 */
public final class Unreadable extends Exception {
  public Unreadable(String reason) {
    super(reason);
  }
}
