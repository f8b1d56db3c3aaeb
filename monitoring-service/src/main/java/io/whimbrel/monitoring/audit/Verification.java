package io.whimbrel.monitoring.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * What a look at the whole trail found.
 *
 * @param checked entries that are as they were
 * @param broken the first that is not; absent when all are
 * @param head the end of the trail, to be kept elsewhere
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Verification(boolean valid, long checked, @Nullable Broken broken, Link.Head head) {

  /** The first broken position, and in what way it is broken. */
  public record Broken(long position, String reason) {}

  /**
   * Follows the trail from its beginning.
   *
   * @param head where it says to end
   * @param anchor an end it had before, as kept elsewhere
   */
  static Verification of(Iterator<Link> links, Link.Head head, Link.@Nullable Head anchor) {
    Link.Head at = Link.NONE;
    while (links.hasNext()) {
      Link link = links.next();
      String reason = fault(link, at, anchor);
      if (reason != null) {
        return broken(at.position() + 1, reason, head);
      }
      at = link.head();
    }
    if (at.position() < head.position()) {
      return broken(
          at.position() + 1, "The entries from here to " + head.position() + " are gone.", head);
    }
    if (!at.equals(head)) {
      return broken(at.position(), "The trail goes on behind the end it is said to have.", head);
    }
    if (anchor != null && at.position() < anchor.position()) {
      return broken(
          at.position() + 1, "The entries from here to " + anchor.position() + " are gone.", head);
    }
    return new Verification(true, at.position(), null, head);
  }

  private static @Nullable String fault(Link link, Link.Head before, Link.@Nullable Head anchor) {
    if (link.position() != before.position() + 1) {
      return "The entry is gone; the next one is " + link.position() + ".";
    }
    if (!link.intact()) {
      return "The entry was changed, or is not at its place: its hash is not that of its content.";
    }
    if (!link.previous().equals(before.hash())) {
      return "The entry does not follow the one before it.";
    }
    if (anchor != null && link.position() == anchor.position() && !link.head().equals(anchor)) {
      return "The trail up to here was written anew: its hash is not the one that was kept.";
    }
    return null;
  }

  private static Verification broken(long position, String reason, Link.Head head) {
    return new Verification(false, position - 1, new Broken(position, reason), head);
  }
}
