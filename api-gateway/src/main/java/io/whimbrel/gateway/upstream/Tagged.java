package io.whimbrel.gateway.upstream;

import jakarta.ws.rs.core.HttpHeaders;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives an answer that rarely changes a tag of its content, so that a caller who has it is told
 * 304. The tag is a weak one, as the answer may be compressed on its way.
 */
final class Tagged {
  private static final String MAY_BE_KEPT = "private, no-cache";
  private static final int DIGITS = 32;

  private Tagged() {}

  /**
   * @param ifNoneMatch the tags that the caller has, as the header lists them
   */
  static Answer of(Answer answer, @Nullable List<String> ifNoneMatch) {
    if (answer.status() != 200) {
      return answer;
    }
    String tag = answer.headers().getOrDefault(HttpHeaders.ETAG, weak(answer.body().getBytes()));
    Map<String, String> headers = new HashMap<>(answer.headers());
    headers.put(HttpHeaders.ETAG, tag);
    headers.put(HttpHeaders.CACHE_CONTROL, MAY_BE_KEPT);
    return ifNoneMatch != null && ifNoneMatch.stream().anyMatch(tags -> names(tags, tag))
        ? Answer.empty(304, headers)
        : new Answer(200, headers, answer.body());
  }

  /** The weak comparison of RFC 9110, section 8.8.3.2. */
  private static boolean names(String tags, String tag) {
    for (String known : tags.split(",", -1)) {
      if (known.strip().equals("*") || opaque(known.strip()).equals(opaque(tag))) {
        return true;
      }
    }
    return false;
  }

  private static String opaque(String tag) {
    return tag.startsWith("W/") ? tag.substring(2) : tag;
  }

  private static String weak(byte[] body) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
      return "W/\"" + HexFormat.of().formatHex(digest).substring(0, DIGITS) + "\"";
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every Java platform has SHA-256", impossible);
    }
  }
}
