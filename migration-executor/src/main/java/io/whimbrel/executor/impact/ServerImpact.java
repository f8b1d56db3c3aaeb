package io.whimbrel.executor.impact;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What concerns every table of a target.
 *
 * @param version of PostgreSQL, the first number alone
 * @param oldestTransaction the session of this database with the oldest open transaction; null
 *     without one, or if {@code unknown} says so
 * @param replicas that stream from this server
 * @param unknown what could not be read, with the reason and the remedy
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ServerImpact(
    int version,
    @Nullable Session oldestTransaction,
    List<Replica> replicas,
    List<String> unknown) {

  public ServerImpact {
    replicas = List.copyOf(replicas);
    unknown = List.copyOf(unknown);
  }

  /**
   * A standby.
   *
   * @param lagMs how far what it shows is behind; null if it has caught up and is idle
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Replica(String name, @Nullable Long lagMs) {}
}
