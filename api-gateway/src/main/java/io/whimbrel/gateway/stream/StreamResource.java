package io.whimbrel.gateway.stream;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import io.vertx.core.http.HttpConnection;
import io.whimbrel.gateway.body.Fields;
import io.whimbrel.gateway.problem.Problems;
import io.whimbrel.gateway.upstream.Query;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jboss.resteasy.reactive.RestMulti;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events: of one run, {@code state} when its state changes and {@code progress}
 * otherwise, or of all, {@code progress} and {@code alert}.
 */
@Path("/api/v1/migrations")
@RolesAllowed("admin")
public class StreamResource {
  private static final String LAST_EVENT_ID = "Last-Event-ID";

  private final LiveEvents live;
  private final RunHistory history;
  private final Feed feed;
  private final StreamConfig config;
  private final JsonWebToken token;
  private final CurrentVertxRequest exchange;

  StreamResource(
      LiveEvents live,
      RunHistory history,
      Feed feed,
      StreamConfig config,
      JsonWebToken token,
      CurrentVertxRequest exchange) {
    this.live = live;
    this.history = history;
    this.feed = feed;
    this.config = config;
    this.token = token;
    this.exchange = exchange;
  }

  @GET
  @Path("/runs/{id}/events")
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Blocking
  public RestMulti<OutboundSseEvent> events(
      @PathParam("id") UUID id,
      @HeaderParam(LAST_EVENT_ID) @Nullable String lastEventId,
      @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
      @Context UriInfo uri,
      @Context Sse sse) {
    Query.of(uri);
    RunStream stream =
        new RunStream(id, sequence(lastEventId), authorization, live, history, config);
    // Awaited here, so that a run that is not there is still a 404.
    Multi<Frame> frames = stream.open().await().indefinitely();
    return stream(frames, sse);
  }

  /** All runs and alerts, from now on or behind the last event seen, until the token expires. */
  @GET
  @Path("/events")
  @Produces(MediaType.SERVER_SENT_EVENTS)
  public RestMulti<OutboundSseEvent> all(
      @HeaderParam(LAST_EVENT_ID) @Nullable String lastEventId,
      @Context UriInfo uri,
      @Context Sse sse) {
    String target = Query.of(uri, "target").get("target");
    HttpConnection connection = exchange.getCurrent().request().connection();
    Multi<Frame> frames =
        feed.read(
                Position.of(lastEventId, LAST_EVENT_ID),
                target == null ? null : Fields.target(target),
                connection::close)
            .select()
            .first(untilTheTokenExpires());
    return stream(frames, sse);
  }

  private Duration untilTheTokenExpires() {
    long seconds = token.getExpirationTime() - Instant.now().getEpochSecond();
    return Duration.ofSeconds(Math.max(1, seconds));
  }

  private static RestMulti<OutboundSseEvent> stream(Multi<Frame> frames, Sse sse) {
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
    OutboundSseEvent.Builder event = sse.newEventBuilder().mediaType(MediaType.TEXT_PLAIN_TYPE);
    if (frame instanceof Frame.Event of) {
      return event
          .id(Long.toString(of.event().sequence()))
          .name(of.changesState() ? "state" : "progress")
          .data(String.class, of.event().json())
          .build();
    }
    if (frame instanceof Frame.Item of) {
      return event
          .id(of.event().position())
          .name(of.event().name())
          .data(String.class, of.event().json())
          .build();
    }
    if (frame instanceof Frame.Notice of) {
      return event
          .name(of.name())
          .data(String.class, "{\"reason\":\"" + of.reason() + "\"}")
          .build();
    }
    return sse.newEventBuilder().comment("alive").build();
  }
}
