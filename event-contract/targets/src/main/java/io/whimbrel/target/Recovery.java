package io.whimbrel.target;

/**
 * What the owner of a target asks of its ways back.
 *
 * @param loadBackups load every backup into a scratch database before it counts, whatever a request
 *     says
 */
public record Recovery(boolean loadBackups) {
  public static final Recovery DEFAULT = new Recovery(false);
}
