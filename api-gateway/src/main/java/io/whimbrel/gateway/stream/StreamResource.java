package io.whimbrel.gateway.stream;

import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import io.whimbrel.gateway.problem.Problems;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.util.UUID;
import org.jboss.resteasy.reactive.RestMulti;
import org.jspecify.annotations.Nullable;

/** A run as server-sent events: {@code state} when its state changes, else {@code progress}. */
@Path("/api/v1/migrations")
@RolesAllowed("admin")
public class StreamResource {
  private static final String LAST_EVENT_ID = "Last-Event-ID";

  private final LiveEvents live;
  private final RunHistory history;
  private final StreamConfig config;

  StreamResource(LiveEvents live, RunHistory history, StreamConfig config) {
    this.live = live;
    this.history = history;
    this.config = config;
  }

  @GET
  @Path("/runs/{id}/events")
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Blocking
  public RestMulti<OutboundSseEvent> events(
      @PathParam("id") UUID id,
      @HeaderParam(LAST_EVENT_ID) @Nullable String lastEventId,
      @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
      @Context Sse sse) {
    RunStream stream =
        new RunStream(id, sequence(lastEventId), authorization, live, history, config);
    // Awaited here, so that a run that is not there is still a 404.
    Multi<Frame> frames = stream.open().await().indefinitely();
    return RestMulti.fromMultiData(frames.map(frame -> event(frame, sse)))
        // Asks proxies not to collect the stream before they pass it on.
        .header("X-Accel-Buffering", "no")
        .build();
  }

  private static long sequence(@Nullable String lastEventId) {
    try {
      long sequence =
          lastEventId == null || lastEventId.isEmpty() ? 0 : Long.parseLong(lastEventId);
      if (sequence >= 0) {
        return sequence;
      }
    } catch (NumberFormatException notOurs) {
      // Refused below, as a negative number is.
    }
    throw Problems.badRequest(LAST_EVENT_ID, LAST_EVENT_ID + " must be the id of an event.");
  }

  private static OutboundSseEvent event(Frame frame, Sse sse) {
    OutboundSseEvent.Builder event = sse.newEventBuilder();
    if (frame instanceof Frame.Event of) {
      return event
          .id(Long.toString(of.event().sequence()))
          .name(of.changesState() ? "state" : "progress")
          .mediaType(MediaType.TEXT_PLAIN_TYPE)
          .data(String.class, of.event().json())
          .build();
    }
    return event.comment("alive").build();
  }
}
