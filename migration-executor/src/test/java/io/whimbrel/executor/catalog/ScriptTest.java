package io.whimbrel.executor.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.whimbrel.executor.catalog.Migration.Kind;
import io.whimbrel.target.Throttle;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptTest {

  @Test
  void splitsOutsideQuotesCommentsParenthesesAndBodies() {
    Script script =
        script(
            """
            -- a comment; with a semicolon
            insert into t values ('a;''b', E'c\\';', "d;e");

            /* nested /* ; */ ; */ do $body$ begin perform 1; end $body$;
            create rule r as on insert to t do also (insert into u values (1); delete from v);
            create or replace function f() returns int language sql begin atomic
              select case when true then 1 else 2 end; select 3;
            end;
            select $1::int, a$b$c;;
            select E'a'
              'b\\';c'
            """);

    assertThat(all(script)).extracting(Statement::line).containsExactly(2, 4, 5, 6, 9, 10);
    assertThat(all(script)).extracting(Statement::number).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(all(script).get(4).sql()).isEqualTo("select $1::int, a$b$c");
  }

  @Test
  void theDataOfCopyBelongsToItsStatement() throws IOException {
    Script script = script("copy t (a) from stdin;\n1\t'\n--x;\n\\.\nselect 1;");

    try (StatementReader statements = script.statements()) {
      CopyData data = Objects.requireNonNull(statements.next().copyData());
      assertThat(text(data)).isEqualTo("1\t'\n--x;\n");
      assertThat(text(data)).as("read again").isEqualTo("1\t'\n--x;\n");
      Statement after = statements.next();
      assertThat(after.line()).isEqualTo(5);
      assertThat(after.sql()).isEqualTo("select 1");
      assertThat(after.copyData()).isNull();
      assertThat(statements.hasNext()).isFalse();
    }
    assertThatThrownBy(() -> script("select 1;\ncopy t from stdin;\n1\n"))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("V1__x.sql line 2: the data of COPY has no end");
  }

  private static String text(CopyData data) throws IOException {
    StringWriter text = new StringWriter();
    try (Reader lines = data.open()) {
      lines.transferTo(text);
    }
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "begin",
        "COMMIT",
        "rollback",
        "end",
        "abort",
        "savepoint a",
        "release a",
        "start transaction",
        "prepare transaction 'a'",
        "rollback to a"
      })
  void transactionControlIsRefusedBeforeAnythingRuns(String statement) {
    assertThatThrownBy(() -> script("select 1;\n/* */ " + statement + ";\nselect 2"))
        .isInstanceOf(Refusal.class)
        .hasMessageStartingWith("V1__x.sql line 2: a script may not begin or end a transaction");
  }

  @Test
  void preparedStatementsAndBlocksAreNoTransactionControl() {
    assertThat(script("prepare p as select 1; do $$ begin end $$").count()).isEqualTo(2);
  }

  @Test
  void commandsOfPsqlAreRefused() {
    assertThatThrownBy(() -> script("select 1;\n\\connect other\n"))
        .isInstanceOf(Refusal.class)
        .hasMessageStartingWith("V1__x.sql line 2: commands of psql are not SQL");
  }

  @ParameterizedTest
  @CsvSource({
    "create index concurrently i on t (a), false",
    "create unique index concurrently if not exists i on t (a), false",
    "drop index concurrently i, false",
    "reindex (concurrently) table t, false",
    "reindex table t, true",
    "vacuum (analyze) t, false",
    "alter table t detach partition u concurrently, false",
    "alter table t add column a int, true",
    "alter type e add value 'x', true",
    "refresh materialized view concurrently v, true",
    "alter system set work_mem = 1, false",
  })
  void knowsWhatPostgresqlRefusesInsideATransaction(String sql, boolean transactional) {
    assertThat(script("select 1;" + sql).transactional()).isEqualTo(transactional);
  }

  @Test
  void placeholdersAreReplacedEverywhere() {
    Migration migration =
        migration("-- whimbrel:verify select ${n} = 1\nselect '${Env}', ${flyway:filename}");
    Placeholders placeholders = placeholders(Map.of("env", "prod", "n", "1"));

    Script script = Script.of(migration, placeholders);

    assertThat(all(script).get(0).sql()).isEqualTo("select 'prod', V1__x.sql");
    assertThat(script.headers().verify()).containsExactly("select 1 = 1");
    assertThat(script.checksum()).isEqualTo(migration.checksum());
  }

  @Test
  void aPlaceholderWithoutValueIsNamed() {
    assertThatThrownBy(() -> script("select 1;\nselect ${nothing}"))
        .isInstanceOf(Refusal.class)
        .hasMessageStartingWith(
            "V1__x.sql line 2: the placeholder ${nothing} has no value; add it");
  }

  @Test
  void headersSayWhatTheScriptAsksFor() {
    ScriptHeaders headers =
        migration(
                """
                -- Adds users.
                -- whimbrel:depends-on 2, AddUserTable
                -- whimbrel:verify select count(*) = 0 from users where email is null;
                --whimbrel:lock-timeout 2s
                -- whimbrel:lock-budget 0
                -- whimbrel:statement-timeout 30m
                -- whimbrel:idle-timeout 5m
                -- whimbrel:batch table=public.users key=id size=500
                update users set a = 1;
                """)
            .headers();

    assertThat(headers.dependsOn()).containsExactly("2", "AddUserTable");
    assertThat(headers.verify())
        .containsExactly("select count(*) = 0 from users where email is null");
    assertThat(headers.timeouts())
        .isEqualTo(
            new ScriptTimeouts(
                Optional.of(Duration.ofSeconds(2)),
                Optional.of(Duration.ZERO),
                Optional.of(Duration.ofMinutes(30)),
                Optional.of(Duration.ofMinutes(5))));
    assertThat(headers.batch())
        .hasValue(
            new BatchHeader(
                "public.users",
                List.of("id"),
                Optional.of(500),
                Optional.empty(),
                Duration.ZERO,
                new ThrottleSettings(null, null, null, null, null)));
  }

  @Test
  void aBatchHeaderSaysWhatToWaitForInPlaceOfThePolicy() {
    ThrottleSettings settings =
        script(
                "-- whimbrel:batch table=a key=b replica-lag=2s wal-rate=50MB waiting=off vacuum=on"
                    + " connections=60\nupdate a set c = 1")
            .headers()
            .batch()
            .orElseThrow()
            .throttle();
    assertThat(settings.over(Throttle.DEFAULT))
        .isEqualTo(new Throttle(Duration.ofSeconds(2), 50L << 20, Duration.ZERO, true, 60));
    assertThat(new ThrottleSettings(null, null, null, null, null).over(Throttle.DEFAULT))
        .isEqualTo(Throttle.DEFAULT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-- whimbrel:lock_timeout 2s      | line 1: this header is not known; use depends-on",
        "-- whimbrel:lock-timeout 2       | line 1: lock-timeout is not a time; write a number",
        "-- whimbrel:lock-timeout 0s      | line 1: lock-timeout is not a time",
        "-- whimbrel:idle-timeout 0       | line 1: idle-timeout is not a time; write a number",
        "-- whimbrel:statement-timeout x  | line 1: statement-timeout is not a time; write",
        "-- whimbrel:verify               | line 1: verify lacks its query; write",
        "-- whimbrel:depends-on 1,,2      | line 1: depends-on lacks a name; write",
        "-- whimbrel:batch table=a        | line 1: batch is malformed; write batch table=users",
        "-- whimbrel:batch table=a key=b size=0 | line 1: batch is malformed",
        "-- whimbrel:batch table=a key=b wal-rate=5 | line 1: batch is malformed",
        "-- whimbrel:batch table=a key=b connections=101 | line 1: batch is malformed",
        "-- whimbrel:batch table=a key=b vacuum=maybe | line 1: batch is malformed",
        "select 1; -- whimbrel:verify select true | line 1: a header has to stand before",
      })
  void aMalformedHeaderIsRefusedWithItsRemedy(String text, String message) {
    assertThatThrownBy(() -> script(text))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("V1__x.sql " + message);
  }

  @Test
  void textInAStringIsNoHeader() {
    assertThat(migration("select '\n-- whimbrel:nonsense\n'").headers().verify()).isEmpty();
  }

  private static List<Statement> all(Script script) {
    List<Statement> all = new ArrayList<>();
    try (StatementReader statements = script.statements()) {
      statements.forEachRemaining(all::add);
    }
    return all;
  }

  private static Script script(String text) {
    return Script.of(migration(text), placeholders(Map.of()));
  }

  private static Migration migration(String text) {
    return new Migration(
        Kind.VERSIONED,
        Version.of("1"),
        "x",
        "V1__x.sql",
        Path.of("."),
        Checksum.of(text),
        ScriptConfig.DEFAULT,
        ScriptText.of(text));
  }

  private static Placeholders placeholders(Map<String, String> own) {
    return new Placeholders(own, "public", "migrator", "orders", "2026-01-01 00:00:00");
  }
}
