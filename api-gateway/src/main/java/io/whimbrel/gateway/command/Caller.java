package io.whimbrel.gateway.command;

import io.quarkus.security.identity.SecurityIdentity;
import io.whimbrel.gateway.problem.Problems;
import jakarta.enterprise.context.RequestScoped;

/** Who sends the command at hand, as the token says. */
@RequestScoped
class Caller {
  private static final String SUPER_ADMIN = "super-admin";

  private final SecurityIdentity identity;

  Caller(SecurityIdentity identity) {
    this.identity = identity;
  }

  /** The preferred name if the token has one, else the subject. */
  String name() {
    return identity.getPrincipal().getName();
  }

  boolean isSuperAdmin() {
    return identity.hasRole(SUPER_ADMIN);
  }

  void mayAskFor(Command command) {
    if (command.losesData() && !isSuperAdmin()) {
      throw Problems.forbidden("acceptDataLoss needs the role " + SUPER_ADMIN + ".");
    }
  }
}
