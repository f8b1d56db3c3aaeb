package io.whimbrel.monitoring.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.smallrye.common.annotation.Blocking;
import io.whimbrel.monitoring.audit.AuditCheck;
import io.whimbrel.monitoring.audit.AuditEntry;
import io.whimbrel.monitoring.audit.AuditRepository;
import io.whimbrel.monitoring.audit.Link;
import io.whimbrel.monitoring.audit.Verification;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Who asked for what, and whether the trail of it is as it was written. */
@Path("/api/v1/migrations/audit")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Monitoring")
@RolesAllowed("admin")
@Blocking
public class AuditResource {
  private static final int MOST = 1000;
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  private final AuditRepository entries;
  private final AuditCheck check;
  private final Caller caller;

  AuditResource(AuditRepository entries, AuditCheck check, Caller caller) {
    this.entries = entries;
    this.check = check;
    this.caller = caller;
  }

  /** An entry and its place. */
  public record Listed(long position, @JsonUnwrapped AuditEntry entry, String hash) {}

  /**
   * Entries, the newest first.
   *
   * @param before ask with it for the ones before; absent when there are none
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Page(List<Listed> entries, @Nullable Long before) {}

  @GET
  @Operation(summary = "Commands and what came of them, the newest first")
  public Page list(
      @QueryParam("caller") @Nullable String who,
      @QueryParam("subject") @Nullable String subject,
      @QueryParam("target") @Nullable String target,
      @QueryParam("before") @Nullable String before,
      @QueryParam("limit") @DefaultValue("100") String limit) {
    int most = Parameter.number("limit", limit, 1, MOST);
    List<Listed> page =
        entries
            .newest(
                new AuditRepository.Filter(
                    who, subject, Parameter.target(target), Parameter.position("before", before)),
                most)
            .stream()
            .map(link -> new Listed(link.position(), link.entry(), link.hash()))
            .toList();
    return new Page(page, page.size() < most ? null : page.get(most - 1).position());
  }

  @POST
  @Path("/verify")
  @Operation(
      summary = "Whether the trail is as it was written",
      description =
          "Names the first broken entry. With position and hash of an end that was kept elsewhere,"
              + " also whether the trail was written anew since.")
  public Verification verify(
      @QueryParam("position") @Nullable String position,
      @QueryParam("hash") @Nullable String hash) {
    Long place = Parameter.position("position", position);
    if ((place == null) != (hash == null)) {
      throw Parameter.bad("hash", "is given together with position");
    }
    if (hash != null && !HASH.matcher(hash).matches()) {
      throw Parameter.bad("hash", "is 64 hexadecimal digits in lower case");
    }
    Verification found =
        check.verify(place == null || hash == null ? null : new Link.Head(place, hash));
    caller.did("VERIFY_AUDIT", null, null, found.valid() ? "VALID" : "BROKEN", null);
    return found;
  }
}
