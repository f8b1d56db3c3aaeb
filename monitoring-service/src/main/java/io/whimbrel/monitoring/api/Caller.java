package io.whimbrel.monitoring.api;

import io.quarkus.security.identity.SecurityIdentity;
import io.whimbrel.monitoring.audit.AuditEntry;
import io.whimbrel.monitoring.audit.AuditTrail;
import jakarta.enterprise.context.RequestScoped;
import jakarta.transaction.Transactional;
import org.jspecify.annotations.Nullable;

/** Who calls, by the token; what they do enters the audit trail. */
@RequestScoped
class Caller {
  private final SecurityIdentity identity;
  private final AuditTrail trail;

  Caller(SecurityIdentity identity, AuditTrail trail) {
    this.identity = identity;
    this.trail = trail;
  }

  String name() {
    return identity.getPrincipal().getName();
  }

  /** Joins the transaction of what was done, if there is one. */
  @Transactional
  public void did(
      String command,
      @Nullable String subject,
      @Nullable String target,
      String outcome,
      @Nullable String detail) {
    trail.append(AuditEntry.byRest(name(), command, subject, target, outcome, detail));
  }
}
