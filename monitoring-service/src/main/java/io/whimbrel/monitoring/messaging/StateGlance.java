package io.whimbrel.monitoring.messaging;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.whimbrel.event.RunStateName;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the state in a record of progress without reading the rest. */
final class StateGlance {
  private static final JsonFactory JSON = new JsonFactory();

  private static final Set<String> TERMINAL =
      Arrays.stream(RunStateName.values())
          .filter(RunStateName::terminal)
          .map(Enum::name)
          .collect(Collectors.toSet());

  private StateGlance() {}

  /** Whether a record says that a run ended; of what is not JSON, no. */
  static boolean terminal(byte @Nullable [] payload) {
    if (payload == null) {
      return false;
    }
    try (JsonParser json = JSON.createParser(payload)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        boolean state = json.currentName().equals("state");
        json.nextToken();
        if (state) {
          return TERMINAL.contains(json.getValueAsString(""));
        }
        json.skipChildren();
      }
      return false;
    } catch (IOException e) {
      return false;
    }
  }
}
