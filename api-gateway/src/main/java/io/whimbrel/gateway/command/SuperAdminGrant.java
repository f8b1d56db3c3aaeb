package io.whimbrel.gateway.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.whimbrel.event.MigrationRequested;
import io.whimbrel.event.RunOptions;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Vouches for a super-admin, whose {@code acceptDataLoss} and {@code acceptRisks} count: an
 * HMAC-SHA256 of the payload, in hex, under a secret that only the gateway and the executor have.
 */
@ApplicationScoped
class SuperAdminGrant {
  static final String HEADER = "ce_whimbrelgrant";
  private static final String ALGORITHM = "HmacSHA256";

  private final CommandConfig config;

  SuperAdminGrant(CommandConfig config) {
    this.config = config;
  }

  /** The value of the header; empty if nothing needs it, or there is no secret. */
  Optional<String> of(MigrationRequested request, boolean superAdmin, byte[] payload) {
    RunOptions options = request.options();
    return superAdmin
            && options != null
            && (options.acceptDataLoss() || !options.acceptRisks().isEmpty())
        ? config.grantSecret().map(secret -> HexFormat.of().formatHex(hmac(secret, payload)))
        : Optional.empty();
  }

  private static byte[] hmac(String secret, byte[] payload) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), ALGORITHM));
      return mac.doFinal(payload);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(ALGORITHM + " is part of every Java", e);
    }
  }
}
