package io.whimbrel.gateway.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.whimbrel.gateway.stream.LiveEvents;
import io.whimbrel.gateway.stream.RunEvent;
import io.whimbrel.gateway.upstream.Answer;
import io.whimbrel.gateway.upstream.Service;
import io.whimbrel.gateway.upstream.Upstream;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Waits for a run to end. The event on Kafka makes it quick, asking the executor makes it sure: a
 * missed event costs one poll.
 */
@ApplicationScoped
class RunEnd {
  private final LiveEvents live;
  private final Upstream upstream;
  private final ObjectMapper mapper;
  private final CommandConfig config;

  RunEnd(LiveEvents live, Upstream upstream, ObjectMapper mapper, CommandConfig config) {
    this.live = live;
    this.upstream = upstream;
    this.mapper = mapper;
    this.config = config;
  }

  /** Listens from now on, so that a run which ends before it is waited for is not missed. */
  Watch watch(UUID run, Duration atMost, @Nullable String authorization) {
    return new Watch(run, atMost, authorization);
  }

  /** One caller who waits for one run; to be closed. */
  final class Watch {
    private final UUID run;
    private final Duration atMost;
    private final @Nullable String authorization;
    private final CompletableFuture<RunEvent> ended;

    private Watch(UUID run, Duration atMost, @Nullable String authorization) {
      this.run = run;
      this.atMost = atMost;
      this.authorization = authorization;
      this.ended =
          atMost.isZero()
              ? new CompletableFuture<>()
              : live.of(run)
                  .select()
                  .where(RunEvent::terminal)
                  .toUni()
                  .subscribeAsCompletionStage();
    }

    /** The finished run as the executor shows it; empty if it has not ended in time. */
    Uni<Optional<Answer>> run() {
      if (atMost.isZero()) {
        return Uni.createFrom().item(Optional.empty());
      }
      Multi<Long> moments =
          Multi.createBy()
              .merging()
              .streams(
                  Uni.createFrom()
                      .completionStage(ended)
                      .map(RunEvent::sequence)
                      .onFailure()
                      .recoverWithNull()
                      .toMulti(),
                  Multi.createFrom().ticks().every(config.pollInterval()).onOverflow().drop());
      return moments
          .onItem()
          .transformToUniAndConcatenate(moment -> look())
          .select()
          .where(this::shows)
          .toUni()
          .map(Optional::of)
          .ifNoItem()
          .after(atMost)
          .recoverWithItem(Optional.empty());
    }

    void close() {
      ended.cancel(false);
    }

    private Uni<Answer> look() {
      return upstream
          .get(Service.EXECUTOR, "/runs/" + run, authorization)
          .onFailure()
          .recoverWithNull();
    }

    private boolean shows(Answer answer) {
      try {
        return answer.status() == 200
            && RunEvent.terminal(mapper.readTree(answer.body().getBytes()).path("state").asText());
      } catch (IOException notJson) {
        return false;
      }
    }
  }
}
