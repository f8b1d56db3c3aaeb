package io.whimbrel.monitoring.audit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Finds out whether the trail is as it was written. */
@ApplicationScoped
public class AuditCheck {
  private static final Logger LOG = Logger.getLogger(AuditCheck.class);

  private final AuditRepository entries;

  AuditCheck(AuditRepository entries) {
    this.entries = entries;
  }

  /**
   * Verifies the whole trail, while nobody appends to it.
   *
   * @param anchor an end it had before, as kept elsewhere
   */
  @Transactional
  public Verification verify(Link.@Nullable Head anchor) {
    Link.Head head = entries.lockHead();
    Verification found = entries.read(links -> Verification.of(links, head, anchor));
    Verification.Broken broken = found.broken();
    if (broken != null) {
      LOG.errorf("The audit trail is broken at %d: %s", broken.position(), broken.reason());
    }
    return found;
  }
}
