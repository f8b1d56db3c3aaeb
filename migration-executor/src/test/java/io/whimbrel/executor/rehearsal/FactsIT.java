package io.whimbrel.executor.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.whimbrel.event.TableName;
import io.whimbrel.executor.rehearsal.facts.Change;
import io.whimbrel.executor.rehearsal.facts.ColumnState;
import io.whimbrel.executor.rehearsal.facts.ConstraintState;
import io.whimbrel.executor.rehearsal.facts.IndexState;
import io.whimbrel.executor.rehearsal.facts.LockMode;
import io.whimbrel.executor.rehearsal.facts.LockTaken;
import io.whimbrel.executor.rehearsal.facts.OtherState;
import io.whimbrel.executor.rehearsal.facts.StatementFacts;
import io.whimbrel.executor.rehearsal.facts.Work;
import io.whimbrel.executor.rehearsal.facts.Write;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the rehearsal says of statements, on the oldest and on the newest PostgreSQL. */
class FactsIT {
  private static final TableName USERS = new TableName("public", "users");
  private static final TableName ORDERS = new TableName("public", "orders");
  private static final Map<Integer, RehearsedDatabase> DATABASES = new TreeMap<>();

  @BeforeAll
  static void create() throws SQLException {
    for (int version : List.of(15, 18)) {
      DATABASES.put(
          version,
          RehearsedDatabase.on(
              version,
              """
              create type mood as enum ('calm');
              create table users (id int primary key, name varchar(50), mood mood);
              create table orders (id bigint primary key, user_id int, price numeric);
              create index users_by_name on users (name);
              create sequence numbers;
              """));
    }
  }

  @AfterAll
  static void drop() {
    DATABASES.values().forEach(RehearsedDatabase::close);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void aNewColumnLocksItsTableAndIsListed(int version) throws Exception {
    StatementFacts facts = only(version, "alter table users add column note text default 'x'");
    assertThat(facts.command()).isEqualTo("ALTER TABLE");
    assertThat(facts.inTransaction()).isTrue();
    assertThat(facts.lockTimeoutMs()).isEqualTo(3000);
    assertThat(facts.locks())
        .containsExactly(new LockTaken(USERS, null, LockMode.ACCESS_EXCLUSIVE));
    assertThat(facts.work()).isEmpty();
    assertThat(facts.changes().columns()).hasSize(1);
    ColumnState column = facts.changes().columns().get(0).is();
    assertThat(column.name()).isEqualTo("note");
    assertThat(column.type()).isEqualTo("text");
    assertThat(column.defaultValue()).isEqualTo("'x'::text");
    assertThat(column.onTarget()).isEqualTo(USERS);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void anotherTypeRewritesTheTableAndItsIndexes(int version) throws Exception {
    StatementFacts facts = only(version, "alter table users alter id type bigint");
    assertThat(facts.work())
        .contains(
            new Work(Work.Kind.REWRITE, USERS, null),
            new Work(Work.Kind.INDEX_BUILD, USERS, "users_pkey"));
    Change<ColumnState> change = facts.changes().columns().get(0);
    assertThat(change.was().type()).isEqualTo("integer");
    assertThat(change.is().type()).isEqualTo("bigint");
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void aLongerVarcharIsNoWork(int version) throws Exception {
    StatementFacts facts = only(version, "alter table users alter name type varchar(80)");
    assertThat(facts.work()).isEmpty();
    assertThat(facts.changes().columns()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void notNullScansUnlessACheckProvesIt(int version) throws Exception {
    assertThat(only(version, "alter table users alter name set not null").work())
        .containsExactly(new Work(Work.Kind.SCAN, USERS, null));
    List<StatementFacts> proven =
        all(
            version,
            "alter table users add constraint there check (name is not null) not valid",
            "alter table users validate constraint there",
            "alter table users alter name set not null; alter table users drop constraint there");
    assertThat(proven.get(0).work()).isEmpty();
    assertThat(proven.get(0).changes().constraints().get(0).is().validated()).isFalse();
    assertThat(proven.get(1).work())
        .containsExactly(new Work(Work.Kind.VALIDATION, USERS, "there"));
    assertThat(proven.get(1).locks())
        .containsExactly(new LockTaken(USERS, null, LockMode.SHARE_UPDATE_EXCLUSIVE));
    assertThat(proven.get(2).work()).isEmpty();
    assertThat(proven.get(3).changes().constraints()).anyMatch(Change::dropped);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void anIndexSaysHowItWasBuilt(int version) throws Exception {
    StatementFacts locking = only(version, "create unique index by_user on orders (user_id, id)");
    assertThat(locking.locks()).contains(new LockTaken(ORDERS, null, LockMode.SHARE));
    assertThat(locking.work()).containsExactly(new Work(Work.Kind.INDEX_BUILD, ORDERS, "by_user"));
    IndexState index = locking.changes().indexes().get(0).is();
    assertThat(index.columns()).containsExactly("user_id", "id");
    assertThat(index.unique()).isTrue();
    assertThat(index.concurrently()).isFalse();
    StatementFacts concurrent =
        only(version, "create index concurrently by_user on orders (lower(price::text))");
    assertThat(concurrent.locksSeen()).isFalse();
    assertThat(concurrent.inTransaction()).isFalse();
    assertThat(concurrent.changes().indexes().get(0).is().concurrently()).isTrue();
    assertThat(concurrent.changes().indexes().get(0).is().columns()).containsExactly("");
    assertThat(concurrent.work()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void aForeignKeyLocksBothTables(int version) throws Exception {
    StatementFacts facts =
        only(version, "alter table orders add constraint f foreign key (user_id) references users");
    assertThat(facts.locks())
        .contains(
            new LockTaken(ORDERS, null, LockMode.SHARE_ROW_EXCLUSIVE),
            new LockTaken(USERS, null, LockMode.SHARE_ROW_EXCLUSIVE));
    assertThat(facts.work()).containsExactly(new Work(Work.Kind.VALIDATION, ORDERS, "f"));
    ConstraintState key = facts.changes().constraints().get(0).is();
    assertThat(key.kind()).isEqualTo(ConstraintState.Kind.FOREIGN_KEY);
    assertThat(key.columns()).containsExactly("user_id");
    assertThat(key.referencesOnTarget()).isEqualTo(USERS);
    assertThat(key.referencedColumns()).containsExactly("id");
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void aRenamedTableIsTheSameTable(int version) throws Exception {
    List<StatementFacts> facts =
        all(version, "alter table users rename to people; alter table people rename name to nick");
    assertThat(facts.get(0).changes().columns()).isEmpty();
    var table = facts.get(0).changes().relations().get(0);
    assertThat(table.was().name()).isEqualTo(USERS);
    assertThat(table.is().name().name()).isEqualTo("people");
    var column = facts.get(1).changes().columns().get(0);
    assertThat(column.was().name()).isEqualTo("name");
    assertThat(column.is().name()).isEqualTo("nick");
    assertThat(column.is().onTarget()).isEqualTo(USERS);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void rowsAndWhoseAreNamed(int version) throws Exception {
    List<StatementFacts> facts =
        all(
            version,
            "update users set name = '' from orders where orders.user_id = users.id;"
                + "with gone as (delete from orders returning id) insert into users select 1;"
                + "truncate orders; alter sequence numbers restart");
    assertThat(facts.get(0).writes()).containsExactly(new Write(USERS, USERS, "UPDATE"));
    assertThat(facts.get(0).work()).isEmpty();
    assertThat(facts.get(1).writes())
        .containsExactlyInAnyOrder(
            new Write(USERS, USERS, "INSERT"), new Write(ORDERS, ORDERS, "DELETE"));
    assertThat(facts.get(2).truncated()).containsExactly(ORDERS);
    assertThat(facts.get(2).work()).isEmpty();
    assertThat(facts.get(3).work()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void otherThingsAreListed(int version) throws Exception {
    List<StatementFacts> facts =
        all(
            version,
            """
            alter type mood add value 'cross';
            create function f() returns trigger language plpgsql as 'begin return new; end';
            create trigger t before insert on users for each row execute function f();
            drop function f() cascade;
            create schema more;
            create view names as select name from users;
            drop table users cascade;
            """);
    assertThat(facts)
        .extracting(f -> f.changes().others().size() + f.changes().relations().size())
        .containsExactly(1, 1, 1, 2, 1, 1, 2);
    assertThat(facts.get(6).changes().columns()).isEmpty();
    assertThat(facts.get(6).changes().relations()).allMatch(Change::dropped);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void aThousandInsertsAreOneFact(int version) throws Exception {
    RehearsalReport report =
        on(version)
            .rehearse(
                "insert into orders values (1) on conflict do nothing;\n".repeat(1000)
                    + "select 1");
    assertThat(report.scripts().get(0).statements())
        .extracting(StatementFacts::count)
        .containsExactly(1000, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void rolesOfTheServerStayAsTheyAre(int version) throws Exception {
    RehearsedDatabase database = on(version);
    RehearsalReport report =
        database.rehearse(
            "alter role rehearser set work_mem = '5MB'; create table fresh (id int)",
            "alter table fresh add column more int");
    assertThat(report.measured()).as(report.summary()).isTrue();
    assertThat(report.scripts()).hasSize(2);
    assertThat(database.value("select count(*) from pg_db_role_setting where setrole <> 0"))
        .isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void aDatabaseIsNotCreatedForATrial(int version) throws Exception {
    RehearsedDatabase database = on(version);
    RehearsalReport report = database.rehearse("create database leaked");
    assertThat(report.failure()).isNotNull();
    assertThat(database.value("select count(*) from pg_database where datname = 'leaked'"))
        .isEqualTo("0");
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void aStatementThatTakesTooLongEndsIt(int version) throws Exception {
    RehearsalReport report =
        on(version)
            .rehearse(
                new RehearsalLimits(Duration.ofMillis(300), Duration.ofMinutes(1), () -> true),
                "create table fresh (id int); set statement_timeout = 0; select pg_sleep(600)");
    assertThat(report.measured()).isFalse();
    assertThat(report.summary()).contains("V1__test.sql line 1", "300 ms");
    assertThat(report.scripts().get(0).statements()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void nobodyWaitingEndsIt(int version) throws Exception {
    RehearsalReport report =
        on(version)
            .rehearse(
                new RehearsalLimits(Duration.ofMinutes(1), Duration.ofMinutes(1), () -> false),
                "select pg_sleep(600)");
    assertThat(report.summary()).contains("the run has ended meanwhile");
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void aReportIsStoredAndReadBack(int version) throws Exception {
    RehearsalReport report =
        on(version).rehearse("alter table users add column a int check (a > 0); drop table orders");
    ObjectMapper json = new ObjectMapper();
    assertThat(json.readValue(json.writeValueAsString(report), RehearsalReport.class))
        .isEqualTo(report);
    assertThat(
            json.readValue(
                "{\"touched\":[],\"created\":[],\"measured\":true,\"summary\":\"old\"}",
                RehearsalReport.class))
        .isEqualTo(new RehearsalReport(List.of(), List.of(), true, "old"));
  }

  private static RehearsedDatabase on(int version) {
    return Objects.requireNonNull(DATABASES.get(version));
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void privilegesCommentsAndStatisticsAreChangesToo(int version) throws Exception {
    List<StatementFacts> facts =
        all(
            version,
            """
            grant select on users to public;
            grant update (name) on users to public;
            revoke select on users from public;
            comment on table users is 'people';
            comment on index users_by_name is 'by name';
            comment on column users.name is null;
            create function f() returns int language sql return 1;
            comment on function f is 'one';
            revoke execute on function f from public;
            create statistics pair (dependencies) on id, name from users;
            alter default privileges grant select on tables to public;
            alter default privileges revoke select on tables from public;
            do $$ begin grant insert on orders to public; end $$;
            drop table users;
            create schema other;
            """);
    assertThat(
            facts.stream().map(one -> one.changes().others().stream().map(FactsIT::words).toList()))
        .containsExactly(
            List.of("created GRANT table public.users"),
            List.of("created GRANT table column public.users.name"),
            List.of("altered GRANT table public.users"),
            List.of("created COMMENT table public.users"),
            List.of("created COMMENT index public.users_by_name"),
            List.of(),
            List.of("created FUNCTION public.f()"),
            List.of("created COMMENT function public.f()"),
            List.of("created GRANT function public.f()"),
            List.of("created STATISTICS public.pair"),
            List.of("created GRANT default acl for role rehearser on tables"),
            List.of("dropped GRANT default acl for role rehearser on tables"),
            List.of("created GRANT table public.orders"),
            List.of(),
            List.of("created SCHEMA other"));
  }

  private static String words(Change<OtherState> change) {
    return (change.created() ? "created " : change.dropped() ? "dropped " : "altered ")
        + change.either().kind()
        + " "
        + change.either().name();
  }

  private static StatementFacts only(int version, String text) throws SQLException {
    List<StatementFacts> facts = all(version, text);
    assertThat(facts).hasSize(1);
    return facts.get(0);
  }

  private static List<StatementFacts> all(int version, String... texts) throws SQLException {
    RehearsalReport report = on(version).rehearse(texts);
    assertThat(report.failure()).isNull();
    return report.scripts().stream().flatMap(script -> script.statements().stream()).toList();
  }
}
