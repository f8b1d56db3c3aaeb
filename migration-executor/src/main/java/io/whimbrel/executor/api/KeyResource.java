package io.whimbrel.executor.api;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.whimbrel.executor.key.CommandKeys;
import io.whimbrel.executor.key.KeyClaim;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response.Status;
import java.time.Duration;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/** Lets the gateway claim the keys of its callers' commands. A key is its caller's alone. */
@Path("/api/v1/migrations/keys")
@RolesAllowed("admin")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class KeyResource {
  private static final Pattern KEY = Pattern.compile("[!-~]{1,255}");
  private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{64}");
  private static final long LONGEST_LEASE_MS = Duration.ofMinutes(5).toMillis();

  private final CommandKeys keys;
  private final JsonWebToken token;

  KeyResource(CommandKeys keys, JsonWebToken token) {
    this.keys = keys;
    this.token = token;
  }

  /** See {@link CommandKeys#claim}. */
  record Wanted(
      @Nullable String key, @Nullable String fingerprint, @Nullable UUID runId, long leaseMs) {}

  /** See {@link CommandKeys#settle}. */
  record Settled(@Nullable String key, @Nullable UUID runId, boolean accepted) {}

  @POST
  @Path("/claim")
  public KeyClaim claim(@Nullable Wanted wanted) {
    if (wanted == null
        || wanted.fingerprint() == null
        || !FINGERPRINT.matcher(wanted.fingerprint()).matches()
        || wanted.runId() == null
        || wanted.leaseMs() < 1
        || wanted.leaseMs() > LONGEST_LEASE_MS) {
      throw HttpProblem.valueOf(
          Status.BAD_REQUEST,
          "A claim has key, fingerprint (SHA-256 in hex), runId and leaseMs (1 to "
              + LONGEST_LEASE_MS
              + ")");
    }
    return keys.claim(
        token.getSubject(),
        key(wanted.key()),
        wanted.fingerprint(),
        wanted.runId(),
        Duration.ofMillis(wanted.leaseMs()));
  }

  @POST
  @Path("/settle")
  public void settle(@Nullable Settled settled) {
    if (settled == null || settled.runId() == null) {
      throw HttpProblem.valueOf(Status.BAD_REQUEST, "key, runId and accepted are needed");
    }
    keys.settle(token.getSubject(), key(settled.key()), settled.runId(), settled.accepted());
  }

  private static String key(@Nullable String key) {
    if (key == null || !KEY.matcher(key).matches()) {
      throw HttpProblem.valueOf(
          Status.BAD_REQUEST, "key must be 1 to 255 visible ASCII characters");
    }
    return key;
  }
}
