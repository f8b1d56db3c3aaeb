package io.whimbrel.gateway.stream;

import io.whimbrel.gateway.problem.Problems;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Where a reader of the feed is: the offset of its last record for each partition, {@code
 * p0.17-r0.3} say for progress and raised alerts. It means the same to every gateway.
 */
final class Position {
  private static final Pattern PART = Pattern.compile("[a-z]\\d{1,6}\\.\\d{1,18}");
  private static final int MAX_LENGTH = 4_096;

  private final Map<String, Long> offsets;

  private Position(Map<String, Long> offsets) {
    this.offsets = offsets;
  }

  static Position none() {
    return new Position(new TreeMap<>());
  }

  /** Null without the header; what is none of ours is a 400. */
  static @Nullable Position of(@Nullable String lastEventId, String header) {
    if (lastEventId == null || lastEventId.isEmpty()) {
      return null;
    }
    Position position = none();
    if (lastEventId.length() <= MAX_LENGTH) {
      for (String part : lastEventId.split("-", -1)) {
        if (!PART.matcher(part).matches()) {
          throw malformed(header);
        }
        int dot = part.indexOf('.');
        position.offsets.put(part.substring(0, dot), Long.valueOf(part.substring(dot + 1)));
      }
      return position;
    }
    throw malformed(header);
  }

  private static RuntimeException malformed(String header) {
    return Problems.badRequest(header, header + " must be the id of an event.");
  }

  static String partition(TopicPartition partition) {
    return partition.topic().substring(partition.topic().indexOf('.') + 1).substring(0, 1)
        + partition.partition();
  }

  void at(String partition, long offset) {
    offsets.put(partition, offset);
  }

  /** The last offset of a partition; null if none is known. */
  @Nullable Long of(String partition) {
    return offsets.get(partition);
  }

  @Override
  public String toString() {
    return offsets.entrySet().stream()
        .map(part -> part.getKey() + "." + part.getValue())
        .collect(Collectors.joining("-"));
  }
}
