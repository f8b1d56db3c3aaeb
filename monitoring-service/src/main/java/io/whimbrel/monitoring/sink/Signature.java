package io.whimbrel.monitoring.sink;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs what a webhook is sent: {@code t=SECONDS,v1=HEX}, where HEX is the HMAC-SHA-256 of the
 * seconds since 1970, a dot and the body. The time is signed along, so that an old delivery cannot
 * be sent again as a new one.
 */
record Signature(String secret) {
  private static final String ALGORITHM = "HmacSHA256";

  String of(Instant time, String body) {
    long seconds = time.getEpochSecond();
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), ALGORITHM));
      byte[] signed = mac.doFinal((seconds + "." + body).getBytes(UTF_8));
      return "t=" + seconds + ",v1=" + HexFormat.of().formatHex(signed);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + ALGORITHM, e);
    }
  }
}
