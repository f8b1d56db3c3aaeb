package io.whimbrel.target;

/**
 * What the owner of a target asks of its ways back.
 *
 * @param loadBackups load every backup into a scratch database before it counts, whatever a request
 *     says
 * @param derivedUndo take a migration without an undo script back by the inverse that its plan
 *     derived and proved
 */
public record Recovery(boolean loadBackups, boolean derivedUndo) {
  public static final Recovery DEFAULT = new Recovery(false, false);
}
