package io.whimbrel.monitoring.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.smallrye.common.annotation.Blocking;
import io.whimbrel.monitoring.export.ExportRepository;
import io.whimbrel.monitoring.export.Format;
import io.whimbrel.monitoring.export.Subject;
import io.whimbrel.monitoring.figures.Figures.Period;
import io.whimbrel.monitoring.performance.Performance;
import io.whimbrel.monitoring.report.Report;
import io.whimbrel.monitoring.report.ReportOf;
import io.whimbrel.monitoring.report.ReportPage;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.BufferedWriter;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** How runs went: their performance, reports, and exports of what is kept. */
@Path("/api/v1/migrations")
@Tag(name = "Monitoring")
@RolesAllowed("admin")
@Blocking
public class ReportResource {
  private static final int MOST = 1000;

  private final Performance performance;
  private final ReportOf reports;
  private final ExportRepository exports;
  private final ObjectMapper json;

  ReportResource(
      Performance performance, ReportOf reports, ExportRepository exports, ObjectMapper json) {
    this.performance = performance;
    this.reports = reports;
    this.exports = exports;
    this.json = json;
  }

  /** What reports can be written as. */
  enum As {
    JSON,
    MARKDOWN,
    HTML
  }

  @GET
  @Path("/performance")
  @Operation(
      summary = "How long runs took, beside those before them",
      description = "With runId, of this run and its statements.")
  public Response performance(
      @QueryParam("runId") @Nullable String runId,
      @QueryParam("from") @Nullable String from,
      @QueryParam("to") @Nullable String to,
      @QueryParam("target") @Nullable String target,
      @QueryParam("limit") @DefaultValue("100") String limit) {
    if (runId != null) {
      UUID id = Parameter.uuid(runId).orElseThrow(() -> Parameter.bad("runId", "is a UUID"));
      return Response.ok(
              performance
                  .ofRun(id)
                  .orElseThrow(
                      () -> HttpProblem.valueOf(Status.NOT_FOUND, "There is no such run.")))
          .type(MediaType.APPLICATION_JSON)
          .build();
    }
    Period period = Parameter.period(from, to);
    return Response.ok(
            performance.of(
                period.from(),
                period.to(),
                Parameter.target(target),
                Parameter.number("limit", limit, 1, MOST)))
        .type(MediaType.APPLICATION_JSON)
        .build();
  }

  @GET
  @Path("/report")
  @Operation(
      summary = "What happened in a period",
      description = "As JSON, as Markdown, or as a page of HTML that needs nothing else.")
  public Response report(
      @QueryParam("from") @Nullable String from,
      @QueryParam("to") @Nullable String to,
      @QueryParam("target") @Nullable String target,
      @QueryParam("format") @DefaultValue("json") String format)
      throws JsonProcessingException {
    As as = Objects.requireNonNull(Parameter.name("format", format, As.class));
    Report report = reports.period(Parameter.period(from, to), Parameter.target(target));
    return switch (as) {
      case JSON -> answer(json.writeValueAsString(report), MediaType.APPLICATION_JSON);
      case MARKDOWN -> answer(ReportPage.markdown(report), "text/markdown;charset=utf-8");
      case HTML -> answer(ReportPage.html(report), "text/html;charset=utf-8");
    };
  }

  private static Response answer(String text, String type) {
    return Response.ok(text).type(type).build();
  }

  @GET
  @Path("/export")
  @Operation(
      summary = "Everything that is kept of a period",
      description = "Events by the time at which they were logged, ended runs, or alerts.")
  public Response export(
      @QueryParam("what") @DefaultValue("events") String what,
      @QueryParam("format") @DefaultValue("json") String format,
      @QueryParam("from") @Nullable String from,
      @QueryParam("to") @Nullable String to,
      @QueryParam("target") @Nullable String target) {
    Subject subject = Objects.requireNonNull(Parameter.name("what", what, Subject.class));
    Format as = Objects.requireNonNull(Parameter.name("format", format, Format.class));
    Period period = Parameter.period(from, to);
    ExportRepository.Wanted wanted =
        new ExportRepository.Wanted(subject, period.from(), period.to(), Parameter.target(target));
    StreamingOutput rows =
        out -> {
          Writer writer =
              new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 16);
          exports.write(wanted, as, writer);
          writer.flush();
        };
    return Response.ok(rows)
        .type(as.mediaType())
        .header(
            HttpHeaders.CONTENT_DISPOSITION,
            "attachment; filename=\"%s.%s\""
                .formatted(what.toLowerCase(java.util.Locale.ROOT), as.extension()))
        .build();
  }
}
