package io.whimbrel.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.whimbrel.event.RunStateName;
import io.whimbrel.local.ServiceProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** With tracing on, a run is one trace through all services. */
@Disturbing
class TracingST {
  private static final List<String> STATEFUL =
      List.of("migration-executor", "validation-service", "monitoring-service");

  private final Suite suite;
  private final Collector collector;
  private final List<ServiceProcess> traced = new ArrayList<>();

  TracingST(Suite suite) throws IOException {
    this.suite = suite;
    this.collector = Collector.start();
  }

  /** In the place of those that trace nothing, as tracing is off unless it is asked for. */
  @BeforeAll
  void startTracedServices() {
    STATEFUL.forEach(name -> suite.stack().service(name).stop());
    traced.add(suite.stack().startSecond("api-gateway", collector.environment()));
    STATEFUL.forEach(name -> traced.add(start(name)));
    traced.forEach(ServiceProcess::awaitReady);
  }

  private ServiceProcess start(String name) {
    return suite.stack().startSecond(name, collector.environment());
  }

  @AfterAll
  void startTheUsualOnes() {
    traced.forEach(ServiceProcess::stop);
    STATEFUL.forEach(name -> suite.stack().service(name).start());
    STATEFUL.forEach(name -> suite.stack().service(name).awaitReady());
    collector.close();
  }

  @Test
  void aRunIsOneTraceThroughAllServices() {
    TestTarget target = suite.target().script("V1__a.sql", "create table a (id int primary key);");
    // As a program does that is traced itself.
    String trace = "0af7651916cd43dd8448eb211c80319c";
    String caller = "b7ad6b7169203331";
    Answer accepted =
        new Api(traced.get(0).url(), suite.stack().token("admin"))
            .post(
                "/execute",
                Map.of("target", target.name()),
                "traceparent",
                "00-%s-%s-01".formatted(trace, caller));
    UUID run = Api.id(accepted);
    assertThat(direct().awaitEnd(run).state()).isEqualTo(RunStateName.COMPLETED);

    await()
        .atMost(Api.PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(names(collector.spans(trace)))
                  .contains(
                      "api-gateway: POST /api/v1/migrations/execute",
                      "migration-executor: step PLAN",
                      "migration-executor: step BACK_UP",
                      "migration-executor: step APPLY",
                      "migration-executor: migration",
                      "migration-executor: send migration.progress",
                      "validation-service: validation BEFORE",
                      "validation-service: validation AFTER",
                      "validation-service: send validation.completed",
                      "monitoring-service: migration.requested receive",
                      "monitoring-service: migration.progress receive",
                      "monitoring-service: validation.completed receive");
              assertThat(parents(collector.spans(trace))).containsOnlyOnce(caller);
            });
    // No question to a database is a trace of its own.
    assertThat(collector.spans())
        .filteredOn(span -> span.parent().isEmpty())
        .noneMatch(span -> span.attributes().containsKey("db.system"));
  }

  /** The parents of spans that are not themselves among the spans. */
  private static List<String> parents(List<Collector.Span> spans) {
    Set<String> known = spans.stream().map(Collector.Span::id).collect(Collectors.toSet());
    return spans.stream().map(Collector.Span::parent).filter(id -> !known.contains(id)).toList();
  }

  private Api direct() {
    return new Api(traced.get(1).url(), suite.stack().token("admin"));
  }

  private static Set<String> names(List<Collector.Span> spans) {
    return spans.stream()
        .map(span -> span.service() + ": " + span.name())
        .collect(Collectors.toSet());
  }
}
