package io.whimbrel.gateway.stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * An event of any run, or an alert.
 *
 * @param name {@code progress} or {@code alert}
 * @param position where the feed is after it, which is its id
 */
record FeedEvent(String name, @Nullable String target, String json, String position) {

  static @Nullable String target(JsonNode json) {
    JsonNode target = json.path("target");
    return target.isTextual() ? target.textValue() : null;
  }
}
