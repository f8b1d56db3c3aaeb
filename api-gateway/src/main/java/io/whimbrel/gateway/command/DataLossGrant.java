package io.whimbrel.gateway.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.whimbrel.event.MigrationRequested;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Vouches for a super-admin's {@code acceptDataLoss}: an HMAC-SHA256 of the payload, in hex, under
 * a secret that only the gateway and the executor have. Whether the caller is a super-admin has
 * been checked before.
 */
@ApplicationScoped
class DataLossGrant {
  static final String HEADER = "ce_whimbrelgrant";
  private static final String ALGORITHM = "HmacSHA256";

  private final CommandConfig config;

  DataLossGrant(CommandConfig config) {
    this.config = config;
  }

  /** The value of the header; empty if the request loses nothing or there is no secret. */
  Optional<String> of(MigrationRequested request, byte[] payload) {
    return request.options() != null && request.options().acceptDataLoss()
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
