package io.whimbrel.executor.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.executor.catalog.Moment;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a script leaves in the session, the next one finds none of it. */
class SessionStateIT {

  /** Leaves everything that can outlive a transaction, from inside a function. */
  private static final String LEAVES =
      """
      create function leaves(role text) returns int language plpgsql as $$
      begin
        execute 'set search_path = pg_catalog';
        execute 'set role ' || quote_ident(role);
        execute 'set statement_timeout = ''9h''';
        execute 'set lock_timeout = ''9h''';
        execute 'set idle_in_transaction_session_timeout = ''9h''';
        execute 'set default_transaction_read_only = on';
        execute 'set default_transaction_isolation = ''serializable''';
        execute 'set my.note = ''leaked''';
        execute 'set timezone = ''Pacific/Chatham''';
        execute 'create temporary table if not exists leftover (id int)';
        execute 'prepare p' || (select count(*) from pg_prepared_statements) || ' as select 1';
        execute 'listen c';
        execute 'declare c' || (select count(*) from pg_cursors) || ' cursor with hold for select 1';
        perform pg_advisory_lock(5), pg_advisory_lock(5), pg_advisory_lock_shared(7, 8);
        perform nextval('public.numbers');
        return 1;
      end $$;
      create function last_number() returns text language plpgsql as $$
      begin
        return lastval();
      exception when object_not_in_prerequisite_state then
        return null;
      end $$;
      create sequence numbers;
      create table users (id int primary key);
      insert into users values (1);
      """;

  private static final List<String> PROBES =
      List.of(
          "show search_path",
          "select current_user",
          "show statement_timeout",
          "show idle_in_transaction_session_timeout",
          "show default_transaction_read_only",
          "show default_transaction_isolation",
          "show timezone",
          "select nullif(current_setting('my.note', true), '')",
          "select to_regclass('pg_temp.leftover')",
          "select count(*) from pg_prepared_statements where from_sql",
          "select count(*) from pg_listening_channels()",
          "select count(*) from pg_cursors where is_holdable",
          "select string_agg(distinct objid::text, ',') from pg_locks where locktype = 'advisory'"
              + " and pid = pg_backend_pid()",
          "select public.last_number()");

  @TempDir Path directory;
  private TestTarget target;

  @BeforeEach
  void freshTarget() throws SQLException {
    target = new TestTarget(directory).adopted();
    target.execute(LEAVES);
    target.asSuperuser("create role other_one; grant other_one to migrator with set true");
    target.asSuperuser("grant create, usage on schema public to other_one");
    target.asSuperuser("grant all on all sequences in schema public to other_one");
    target.file("V1_1__first.sql", "select 1");
    target.file("V3__next.sql", "create table next as select current_user");
  }

  @AfterEach
  void dropRole() {
    target.asSuperuser("drop owned by other_one; drop role other_one");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "in one message           | do $$ begin perform leaves('other_one'); end $$         |",
        "with rows                | select leaves('other_one')                             |",
        "that fails               | select leaves('other_one'); select 1 / 0               |",
        "that fails in a message  | do $$ begin perform leaves('other_one'); end $$;"
            + " create table users ()                                                      |",
        "with hooks               | select leaves('other_one')                             |",
        "step by step             | select leaves('migrator'); set role other_one           |",
        "in batches               | -- whimbrel:batch table=users key=id%delete from users"
            + " where leaves('migrator') = 1                                               |",
        "of a callback within it  | create table public.a () | beforeEachMigrate.sql",
        "of a callback around it  | create table public.a () | beforeMigrate.sql"
      })
  void nothingOfAScriptReachesTheNextOne(String what, String script, String callback)
      throws Exception {
    target.file("V2__leaves.sql", script.replace('%', '\n'));
    target.file("V2__leaves.sql.conf", "executeInTransaction=" + !what.equals("step by step"));
    if (callback != null) {
      target.file(callback, "select public.leaves('migrator')");
    }
    try (TargetSession session = target.session()) {
      ScriptRunner runner = target.runner(session);
      runner.prepareHistory();
      TestTarget.runner(session, ApplyListener.SILENT, new CancelSignal())
          .apply(target.script("1.1"), InTransaction.NOTHING);
      List<String> before = state(session);

      runner.callbacks(Moment.BEFORE_MIGRATE);
      ApplyResult result = runner.apply(target.script("2"), hooks(what));

      assertThat(result)
          .isInstanceOf(
              what.startsWith("that fails") ? ApplyResult.Failed.class : ApplyResult.Applied.class);
      assertThat(state(session)).isEqualTo(before);
      assertThat(TargetLock.held(session.connection())).isTrue();
      assertThat(
              TestTarget.runner(session, ApplyListener.SILENT, new CancelSignal())
                  .apply(target.script("3"), InTransaction.NOTHING))
          .isInstanceOf(ApplyResult.Applied.class);
    }
    assertThat(target.value("select * from public.next")).isEqualTo("migrator");
    assertThat(target.value("select last_value from numbers")).isEqualTo("1");
  }

  private static InTransaction hooks(String what) {
    return what.equals("with hooks") ? new InTransaction() {} : InTransaction.NOTHING;
  }

  private static List<String> state(TargetSession session) throws SQLException {
    Connection connection = session.connection();
    List<String> state = new ArrayList<>();
    for (String probe : PROBES) {
      state.add(probe + ": " + Sql.text(connection, probe));
    }
    return state;
  }
}
