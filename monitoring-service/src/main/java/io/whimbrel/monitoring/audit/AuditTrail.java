package io.whimbrel.monitoring.audit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.util.List;

/**
 * The one door to the audit trail. An entry is written in the transaction of what it tells of, so
 * that there are both or none; one transaction at a time appends.
 */
@ApplicationScoped
public class AuditTrail {
  private final AuditRepository entries;

  AuditTrail(AuditRepository entries) {
    this.entries = entries;
  }

  @Transactional(TxType.MANDATORY)
  public void append(AuditEntry entry) {
    append(List.of(entry));
  }

  /** Appends entries, without those whose cause has one. */
  @Transactional(TxType.MANDATORY)
  public void append(List<AuditEntry> more) {
    if (more.isEmpty()) {
      return;
    }
    Link.Head head = entries.lockHead();
    for (AuditEntry entry : more) {
      String cause = entry.cause();
      if (cause == null || !entries.entered(cause)) {
        Link link = Link.after(head, entry);
        entries.append(link);
        head = link.head();
      }
    }
  }
}
