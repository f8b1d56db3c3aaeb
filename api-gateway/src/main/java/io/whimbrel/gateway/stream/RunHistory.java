package io.whimbrel.gateway.stream;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.whimbrel.gateway.problem.Problems;
import io.whimbrel.gateway.upstream.Answer;
import io.whimbrel.gateway.upstream.Service;
import io.whimbrel.gateway.upstream.Upstream;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response.Status.Family;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The events of a run that were published before, as the executor keeps them. */
@ApplicationScoped
class RunHistory {
  private static final Duration RETRY = Duration.ofMillis(250);

  private final Upstream upstream;
  private final ObjectMapper mapper;
  private final StreamConfig config;

  RunHistory(Upstream upstream, ObjectMapper mapper, StreamConfig config) {
    this.upstream = upstream;
    this.mapper = mapper;
    this.config = config;
  }

  /**
   * As {@link #after}, but a run that was only just requested gets time to become known before it
   * is a 404 problem.
   */
  Uni<List<RunEvent>> first(UUID run, long sequence, @Nullable String authorization) {
    return Uni.createFrom()
        .deferred(() -> after(run, sequence, authorization))
        .onFailure(RunHistory::isUnknown)
        .retry()
        .withBackOff(RETRY, RETRY.multipliedBy(4))
        .withJitter(0.2)
        .expireIn(config.unknownRunGrace().toMillis())
        .onFailure(RunHistory::isUnknown)
        .transform(unknown -> Problems.notFound("There is no such run."));
  }

  /**
   * The events behind a sequence, in order. Fails with a {@link WebApplicationException} of the
   * executor's status if that is not 200.
   */
  Uni<List<RunEvent>> after(UUID run, long sequence, @Nullable String authorization) {
    return upstream
        .get(Service.EXECUTOR, "/runs/" + run + "/events?after=" + sequence, authorization)
        .map(this::events);
  }

  /** Whether the executor has said no, rather than nothing. */
  static boolean refused(Throwable failure) {
    return failure instanceof WebApplicationException answered
        && answered.getResponse().getStatusInfo().getFamily() == Family.CLIENT_ERROR;
  }

  private List<RunEvent> events(Answer answer) {
    if (answer.status() != 200) {
      throw new WebApplicationException(answer.status());
    }
    try {
      return StreamSupport.stream(mapper.readTree(answer.body().getBytes()).spliterator(), false)
          .map(RunEvent::of)
          .flatMap(Optional::stream)
          .toList();
    } catch (IOException notJson) {
      throw Problems.unavailable(
          Service.EXECUTOR.label(), "The " + Service.EXECUTOR.label() + " gave no list of events.");
    }
  }

  /** Retrying wraps the last failure. */
  private static boolean isUnknown(Throwable failure) {
    return (failure instanceof WebApplicationException answered
            && answered.getResponse().getStatus() == 404)
        || (failure.getCause() != null && isUnknown(failure.getCause()));
  }
}
