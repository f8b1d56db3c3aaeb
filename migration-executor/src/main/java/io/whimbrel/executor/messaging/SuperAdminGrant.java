package io.whimbrel.executor.messaging;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.enterprise.context.ApplicationScoped;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Whether a request comes from a super-admin, who may lose data and take risks that the policy of a
 * target leaves to nobody else. What a publisher says of itself grants nothing: the right is an
 * HMAC-SHA256 of the payload, in hex, in the header {@value #HEADER}, under a secret that only the
 * gateway and the executor have.
 */
@ApplicationScoped
class SuperAdminGrant {
  static final String HEADER = "ce_whimbrelgrant";
  private static final String ALGORITHM = "HmacSHA256";

  private final RequestConfig config;

  SuperAdminGrant(RequestConfig config) {
    this.config = config;
  }

  boolean in(ConsumerRecord<String, byte[]> record) {
    Header header = record.headers().lastHeader(HEADER);
    if (header == null || config.grantSecret().isEmpty()) {
      return false;
    }
    byte[] expected = hmac(config.grantSecret().get(), record.value());
    return MessageDigest.isEqual(
        HexFormat.of().formatHex(expected).getBytes(UTF_8), header.value());
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
