package io.whimbrel.gateway.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.mutiny.Uni;
import io.whimbrel.event.Operation;
import io.whimbrel.gateway.problem.Problems;
import io.whimbrel.gateway.upstream.Answer;
import io.whimbrel.gateway.upstream.Service;
import io.whimbrel.gateway.upstream.Upstream;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Claims keys at the executor, which has them for all gateways. A gateway that dies with a claim
 * leaves it to lapse; the same command then gets the same run, wherever the first one got to.
 */
@ApplicationScoped
class KeyClaims {
  /** On top of what Kafka may take, so that a claim does not lapse while its request travels. */
  private static final Duration MARGIN = Duration.ofSeconds(5);

  private final Upstream upstream;
  private final ObjectMapper mapper;
  private final CommandConfig config;

  KeyClaims(Upstream upstream, ObjectMapper mapper, CommandConfig config) {
    this.upstream = upstream;
    this.mapper = mapper;
    this.config = config;
  }

  private enum Outcome {
    CLAIMED,
    ACCEPTED,
    IN_PROGRESS,
    OTHER_COMMAND
  }

  private record Answered(Outcome outcome, UUID runId) {}

  /**
   * A key that is the caller's for now.
   *
   * @param accepted whether the request is on Kafka already
   */
  record Claim(String key, UUID run, boolean accepted, @Nullable String authorization) {}

  /**
   * Waits for the executor. Another command under this key is a 422, the same one on its way a 409,
   * and an executor that does not answer a 503; nothing was requested then.
   */
  Claim claim(String key, Operation operation, Command command, @Nullable String authorization) {
    Answered answered =
        answered(
            post(
                    "claim",
                    Map.of(
                        "key", key,
                        "fingerprint", fingerprint(operation, command),
                        "runId", UUID.randomUUID(),
                        "leaseMs", lease().toMillis()),
                    authorization)
                .await()
                .indefinitely());
    return switch (answered.outcome()) {
      case CLAIMED -> new Claim(key, answered.runId(), false, authorization);
      case ACCEPTED -> new Claim(key, answered.runId(), true, authorization);
      case IN_PROGRESS ->
          throw Problems.inProgress(
              "The same command is on its way with this " + IdempotencyKey.HEADER + ".");
      case OTHER_COMMAND ->
          throw Problems.keyReused(
              "This "
                  + IdempotencyKey.HEADER
                  + " names another command. Send this one with a key of its own.");
    };
  }

  /**
   * Tells the executor how it ended. If that is not to be told, the claim lapses.
   *
   * @param accepted whether the request is on Kafka; else it is not known to be
   */
  Uni<Void> settle(Claim claim, boolean accepted) {
    return post(
            "settle",
            Map.of("key", claim.key(), "runId", claim.run(), "accepted", accepted),
            claim.authorization())
        .onFailure()
        .recoverWithNull()
        .replaceWithVoid();
  }

  private Duration lease() {
    return config.connectTimeout().plus(config.acknowledgeTimeout()).plus(MARGIN);
  }

  private Uni<Answer> post(String what, Map<String, Object> body, @Nullable String authorization) {
    return upstream.post(
        Service.EXECUTOR, "/keys/" + what, new String(json(body), UTF_8), authorization);
  }

  private Answered answered(Answer answer) {
    if (answer.status() == 200) {
      try {
        return mapper.readValue(answer.body().getBytes(), Answered.class);
      } catch (IOException notUnderstood) {
        // Told below, as any other answer that is of no use.
      }
    }
    throw Problems.unavailable(
        Service.EXECUTOR.label(),
        "The migration-executor could not look up the " + IdempotencyKey.HEADER + ".");
  }

  /** The same for the same command, however its JSON was written. */
  private String fingerprint(Operation operation, Command command) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(operation.name().getBytes(UTF_8));
      return HexFormat.of().formatHex(digest.digest(json(command)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every Java platform has SHA-256", impossible);
    }
  }

  private byte[] json(Object value) {
    try {
      return mapper.writeValueAsBytes(value);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("Commands are plain records", impossible);
    }
  }
}
