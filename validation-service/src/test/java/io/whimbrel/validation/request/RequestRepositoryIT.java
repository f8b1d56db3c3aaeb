package io.whimbrel.validation.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.whimbrel.delivery.Traces;
import io.whimbrel.event.Phase;
import io.whimbrel.event.TableName;
import io.whimbrel.local.EmbeddedPostgres;
import io.whimbrel.validation.check.Progress;
import io.whimbrel.validation.report.Reach;
import io.whimbrel.validation.report.Report;
import io.whimbrel.validation.report.Subject;
import io.whimbrel.validation.report.Wish;
import io.whimbrel.validation.rule.Mode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

@SuppressWarnings("NullAway.Init")
class RequestRepositoryIT {
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final int ROOM = 1_000;
  private static final List<TableName> TABLES = List.of(new TableName("public", "Quoted \"t\""));

  private RequestRepository requests;
  private ClaimRepository claims;

  @BeforeEach
  void create() throws IOException {
    EmbeddedPostgres server = EmbeddedPostgres.shared();
    PGSimpleDataSource database = new PGSimpleDataSource();
    database.setUrl(server.createDatabase("request_repository"));
    for (String version :
        List.of(
            "V1__validations",
            "V2__wishes",
            "V3__notes",
            "V4__progress",
            "V5__schedules_and_slots",
            "V6__traces")) {
      server.execute("request_repository", schema(version));
    }
    JsonColumns json =
        new JsonColumns(JsonMapper.builder().addModule(new JavaTimeModule()).build());
    requests = new RequestRepository(database, json, Traces.none());
    claims = new ClaimRepository(database, json);
  }

  private static String schema(String version) throws IOException {
    try (InputStream in =
        RequestRepositoryIT.class.getResourceAsStream("/db/validation/" + version + ".sql")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aPhaseOfARunIsRequestedOnce() {
    UUID run = UUID.randomUUID();
    requests.request(subject(run));
    requests.request(subject(run));
    Claim claim = claim(LEASE).orElseThrow();
    assertThat(claim.subject().runId()).isEqualTo(run);
    assertThat(claim.subject().touched()).isEqualTo(TABLES);
    assertThat(claim(LEASE)).isEmpty();
  }

  @Test
  void aWishComesBackAsItWasAndACancelledOneSaysByWhom() {
    Wish wish =
        new Wish(
            Reach.DATABASE,
            List.of("fk_integrity"),
            List.of("performance"),
            Mode.FULL,
            true,
            UUID.randomUUID());
    Subject subject =
        new Subject(UUID.randomUUID(), null, Phase.TARGETED, "orders", List.of(), wish);
    requests.request(subject, "ada");
    assertThat(requests.cancel(subject.id(), "bob")).isTrue();
    assertThat(requests.cancel(UUID.randomUUID(), "bob")).isFalse();
    Claim claim = claim(LEASE).orElseThrow();
    assertThat(claim.subject()).isEqualTo(subject);
    assertThat(claim.cancelledBy()).isEqualTo("bob");
    assertThat(claims.cancelled(List.of(claim.token(), UUID.randomUUID())))
        .containsExactly(claim.token());
    assertThat(claims.finish(claim.token(), report(claim), Map.of())).isTrue();
    assertThat(requests.cancel(subject.id(), "bob")).isFalse();
  }

  @Test
  void progressIsThatOfWhoeverHoldsTheClaim() {
    Subject subject = subject(UUID.randomUUID());
    requests.request(subject);
    Claim claim = claim(LEASE).orElseThrow();
    Progress.State state = new Progress.State(16, 3, 1_000, 400, "a replica is 12 s behind");

    claims.progress(UUID.randomUUID(), new Progress.State(1, 1, 1, 1, null));
    assertThat(requests.find(subject.id()).orElseThrow().progress()).isNull();
    claims.progress(claim.token(), state);
    assertThat(requests.find(subject.id()).orElseThrow().progress()).isEqualTo(state);

    claims.finish(claim.token(), report(claim), Map.of("key", "value"));
    assertThat(requests.find(subject.id()).orElseThrow().progress()).isNull();
  }

  @Test
  void aPhaseAfterIsComparedWithTheNotesOfThePhaseBeforeAndAnOrderWithThoseItNames() {
    UUID run = UUID.randomUUID();
    requests.request(subject(run));
    Claim before = claim(LEASE).orElseThrow();
    assertThat(before.earlier()).isNull();
    claims.finish(before.token(), report(before), Map.of("key", "value"));

    requests.request(new Subject(UUID.randomUUID(), run, Phase.AFTER, "orders", TABLES));
    assertThat(claim(LEASE).orElseThrow().earlier()).containsOnly(Map.entry("key", "value"));

    Wish since = new Wish(Reach.DATABASE, List.of(), List.of(), null, null, before.subject().id());
    requests.request(
        new Subject(UUID.randomUUID(), null, Phase.TARGETED, "orders", List.of(), since), "ada");
    assertThat(claim(LEASE).orElseThrow().earlier()).containsOnly(Map.entry("key", "value"));
    requests.request(
        new Subject(UUID.randomUUID(), null, Phase.TARGETED, "others", List.of(), since), "ada");
    assertThat(claim(LEASE).orElseThrow().earlier()).isNull();
  }

  @Test
  void twoWorkersNeverClaimTheSame() throws Exception {
    int validations = 200;
    for (int i = 0; i < validations; i++) {
      requests.request(subject(UUID.randomUUID()));
    }
    ExecutorService workers = Executors.newFixedThreadPool(4);
    List<Callable<List<UUID>>> work = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      work.add(this::claimAll);
    }
    List<UUID> claimed = new ArrayList<>();
    for (Future<List<UUID>> done : workers.invokeAll(work, 60, TimeUnit.SECONDS)) {
      claimed.addAll(done.get());
    }
    workers.shutdown();
    assertThat(claimed).hasSize(validations).doesNotHaveDuplicates();
  }

  @Test
  void noMoreOfOneTargetAreWorkedOnThanItHasRoomFor() {
    for (int i = 0; i < 3; i++) {
      requests.request(subject(UUID.randomUUID()));
    }
    Subject other =
        new Subject(UUID.randomUUID(), UUID.randomUUID(), Phase.BEFORE, "others", TABLES);
    requests.request(other);
    Claim first = claimWithRoom(2).orElseThrow();
    Claim second = claimWithRoom(2).orElseThrow();
    assertThat(claimWithRoom(2).orElseThrow().subject()).isEqualTo(other);
    assertThat(claimWithRoom(2)).isEmpty();

    claims.release(List.of(first.token()), LEASE);
    Claim third = claimWithRoom(2).orElseThrow();
    assertThat(claimWithRoom(2)).isEmpty();
    claims.finish(second.token(), report(second), Map.of());
    claims.finish(third.token(), report(third), Map.of());
    assertThat(claimWithRoom(2)).as("released for a while").isEmpty();
  }

  @Test
  void aClaimThatRanOutKeepsItsRoom() {
    requests.request(subject(UUID.randomUUID()));
    Claim frozen = claims.claim(UUID.randomUUID(), Duration.ofMillis(50), 1).orElseThrow();
    Claim second =
        Awaitility.await()
            .atMost(10, TimeUnit.SECONDS)
            .until(() -> claimWithRoom(1), Optional::isPresent)
            .orElseThrow();
    assertThat(second.subject()).isEqualTo(frozen.subject());
  }

  @Test
  void workersThatClaimAtOnceDoNotClaimMoreThanThereIsRoomFor() throws Exception {
    for (int i = 0; i < 40; i++) {
      requests.request(subject(UUID.randomUUID()));
    }
    ExecutorService workers = Executors.newFixedThreadPool(4);
    List<Callable<Optional<Claim>>> work = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      work.add(() -> claimWithRoom(3));
    }
    int claimed = 0;
    for (Future<Optional<Claim>> done : workers.invokeAll(work, 60, TimeUnit.SECONDS)) {
      claimed += done.get().isPresent() ? 1 : 0;
    }
    workers.shutdown();
    assertThat(claimed).isEqualTo(3);
  }

  private Optional<Claim> claimWithRoom(int most) {
    return claims.claim(UUID.randomUUID(), LEASE, most);
  }

  private List<UUID> claimAll() {
    List<UUID> claimed = new ArrayList<>();
    for (Optional<Claim> claim = claim(LEASE); claim.isPresent(); claim = claim(LEASE)) {
      claimed.add(claim.get().subject().id());
    }
    return claimed;
  }

  @Test
  void aClaimThatRanOutIsClaimedAgainAndItsFirstHolderCanDoNoHarm() {
    requests.request(subject(UUID.randomUUID()));
    Claim frozen = claim(Duration.ofMillis(50)).orElseThrow();
    Claim second =
        Awaitility.await()
            .atMost(10, TimeUnit.SECONDS)
            .until(() -> claim(LEASE), Optional::isPresent)
            .orElseThrow();
    assertThat(second.subject()).isEqualTo(frozen.subject());
    claims.prolong(List.of(frozen.token()), LEASE);
    claims.release(List.of(frozen.token()), Duration.ZERO);
    assertThat(claims.finish(frozen.token(), report(frozen), Map.of())).isFalse();
    assertThat(claims.finish(second.token(), report(second), Map.of())).isTrue();
    assertThat(claims.finish(second.token(), report(second), Map.of())).isFalse();
  }

  @Test
  void aSignOfLifeKeepsAClaim() {
    requests.request(subject(UUID.randomUUID()));
    Claim claim = claim(Duration.ofMillis(200)).orElseThrow();
    claims.prolong(List.of(claim.token()), LEASE);
    Awaitility.await()
        .pollDelay(400, TimeUnit.MILLISECONDS)
        .untilAsserted(() -> assertThat(claim(LEASE)).isEmpty());
  }

  @Test
  void aReleasedClaimIsDueAfterThePauseAndKeepsItsAge() {
    requests.request(subject(UUID.randomUUID()));
    Claim first = claim(LEASE).orElseThrow();
    claims.release(List.of(first.token()), Duration.ofMillis(300));
    assertThat(claim(LEASE)).isEmpty();
    Claim second =
        Awaitility.await()
            .atMost(10, TimeUnit.SECONDS)
            .until(() -> claim(LEASE), Optional::isPresent)
            .orElseThrow();
    assertThat(second.age()).isGreaterThanOrEqualTo(Duration.ofMillis(300));
  }

  @Test
  void aFinishedValidationHasItsReportAndIsNotClaimed() {
    requests.request(subject(UUID.randomUUID()));
    Claim claim = claim(LEASE).orElseThrow();
    UUID id = claim.subject().id();
    assertThat(requests.find(id).orElseThrow().report()).isNull();
    claims.finish(claim.token(), report(claim), Map.of());
    assertThat(requests.find(id).orElseThrow().report()).contains("\"target\": \"orders\"");
    assertThat(requests.find(id).orElseThrow().state()).isEqualTo("DONE");
    assertThat(claim(LEASE)).isEmpty();
    assertThat(requests.find(UUID.randomUUID())).isEmpty();
  }

  private Optional<Claim> claim(Duration lease) {
    return claims.claim(UUID.randomUUID(), lease, ROOM);
  }

  private static Subject subject(UUID run) {
    return new Subject(UUID.randomUUID(), run, Phase.BEFORE, "orders", TABLES);
  }

  private static Report report(Claim claim) {
    return Report.failed(claim.subject(), "nobody looked");
  }
}
