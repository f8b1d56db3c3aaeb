package io.whimbrel.benchmark;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.rehearsal.facts.Change;
import io.whimbrel.executor.rehearsal.facts.Changes;
import io.whimbrel.executor.rehearsal.facts.ConstraintState;
import io.whimbrel.executor.rehearsal.facts.IndexState;
import io.whimbrel.executor.rehearsal.facts.LockMode;
import io.whimbrel.executor.rehearsal.facts.LockTaken;
import io.whimbrel.executor.rehearsal.facts.ScriptFacts;
import io.whimbrel.executor.rehearsal.facts.StatementFacts;
import io.whimbrel.executor.rehearsal.facts.Work;
import io.whimbrel.executor.rehearsal.facts.Write;
import java.util.ArrayList;
import java.util.List;

/**
 * A statement whose duration is predicted and then measured, with what a rehearsal says of it.
 *
 * @param setup what makes its tables, before they are vacuumed and analyzed
 */
record ForecastCase(String name, List<String> setup, String sql, ScriptFacts facts) {

  static final String SCRIPT = "V1__case.sql";
  static final TableName ITEMS = new TableName("public", "items");
  static final TableName OWNERS = new TableName("public", "owners");

  private static final String NARROW =
      "create table items (id int primary key, owner int, amount int, at timestamptz)";
  private static final String FILL_NARROW =
      "insert into items select i, 1 + (i * 48271::bigint) %% %d, (i * 7919::bigint) %% 999983,"
          + " timestamptz '2026-01-01' + (i * 31::bigint) %% 86400 * interval '1 second'"
          + " from generate_series(1, %d) i";
  private static final String MEDIUM =
      "create table items (id bigint, owner int, amount int, name text, mail text)";
  private static final String FILL_MEDIUM =
      "insert into items select i, 1 + i %% %d, i %% 1000, 'name ' || md5(i::text), 'm' || i ||"
          + " '@example.org' from generate_series(1, %d) i";
  private static final String WIDE =
      "create table items (id bigint primary key, owner int, amount int, name text, body text)";
  private static final String FILL_WIDE =
      "insert into items select i, 1 + i %% %d, i %% 1000, md5(i::text), repeat(md5(i::text), 20)"
          + " from generate_series(1, %d) i";

  /** All cases; none of them is of a form or size that anything is calibrated with. */
  static List<ForecastCase> all(int rows) {
    List<ForecastCase> cases = new ArrayList<>();
    int half = rows / 2;
    int tenth = rows / 10;
    cases.add(index("index on integers", narrow(rows), "(amount)", List.of("amount")));
    cases.add(index("index on times", narrow(half), "(at)", List.of("at")));
    cases.add(index("index on texts", medium(half), "(name)", List.of("name")));
    cases.add(
        index(
            "index on two columns, wide", wide(tenth), "(owner, name)", List.of("owner", "name")));
    cases.add(rewrite("integer to bigint, narrow", narrow(rows), "alter amount type bigint"));
    cases.add(rewrite("integer to bigint, wide", wide(tenth), "alter amount type bigint"));
    cases.add(rewrite("integer to text", medium(half), "alter amount type text"));
    cases.add(rewrite("volatile default", narrow(half), "add code uuid default gen_random_uuid()"));
    cases.add(scan("not null, narrow", narrow(rows), "alter amount set not null", false));
    cases.add(scan("not null, wide", wide(half / 2), "alter name set not null", false));
    cases.add(
        scan("check", medium(half), "add constraint c check (amount between 0 and 9999)", true));
    cases.add(lookup("foreign key, few parents", narrow(rows), rows / 20));
    cases.add(lookup("foreign key, many parents", medium(half), half));
    cases.add(change("UPDATE", "update of 1 %", narrow(rows), "amount = -1", "id % 100 = 7"));
    cases.add(change("UPDATE", "update of 10 %", medium(half), "amount = -1", "id % 10 = 7"));
    cases.add(change("UPDATE", "update of 50 %", narrow(half), "amount = -1", "id % 2 = 1"));
    cases.add(change("UPDATE", "update of all, wide", wide(tenth), "amount = -1", "true"));
    cases.add(change("DELETE", "delete of 20 %", narrow(half), "", "id % 5 = 1"));
    cases.add(change("DELETE", "delete of 50 %, wide", wide(tenth), "", "amount < 500"));
    cases.add(
        statement(
            "insert from a query",
            medium(half),
            "insert into items select * from items",
            new Write(ITEMS, ITEMS, "INSERT")));
    cases.add(
        new ForecastCase(
            "column without default",
            narrow(half),
            "alter table items add extra text",
            facts("ALTER TABLE", List.of(), List.of(), Changes.NONE)));
    return cases;
  }

  private static List<String> narrow(int rows) {
    return List.of(NARROW, FILL_NARROW.formatted(Math.max(1, rows / 20), rows));
  }

  private static List<String> medium(int rows) {
    return List.of(MEDIUM, FILL_MEDIUM.formatted(rows, rows));
  }

  private static List<String> wide(int rows) {
    return List.of(WIDE, FILL_WIDE.formatted(Math.max(1, rows / 10), rows));
  }

  private static ForecastCase index(
      String name, List<String> setup, String columns, List<String> keys) {
    IndexState index =
        new IndexState(
            "case_index",
            ITEMS,
            ITEMS,
            false,
            "btree",
            false,
            false,
            false,
            true,
            false,
            keys,
            false,
            "CREATE INDEX case_index ON public.items USING btree " + columns);
    return new ForecastCase(
        name,
        setup,
        "create index case_index on items " + columns,
        facts(
            "CREATE INDEX",
            List.of(new Work(Work.Kind.INDEX_BUILD, ITEMS, "case_index")),
            List.of(),
            new Changes(
                List.of(), List.of(), List.of(new Change<>(null, index)), List.of(), List.of())));
  }

  private static ForecastCase rewrite(String name, List<String> setup, String action) {
    List<Work> work = new ArrayList<>(List.of(new Work(Work.Kind.REWRITE, ITEMS, null)));
    if (setup.get(0).contains("primary key")) {
      work.add(new Work(Work.Kind.INDEX_BUILD, ITEMS, "items_pkey"));
    }
    return new ForecastCase(
        name,
        setup,
        "alter table items " + action,
        facts("ALTER TABLE", work, List.of(), Changes.NONE));
  }

  private static ForecastCase scan(String name, List<String> setup, String action, boolean check) {
    ConstraintState constraint =
        new ConstraintState(
            "c",
            ITEMS,
            ITEMS,
            check ? ConstraintState.Kind.CHECK : ConstraintState.Kind.NOT_NULL,
            true,
            List.of("amount"),
            null,
            null,
            List.of(),
            null,
            "CHECK (((amount >= 0) AND (amount <= 9999)))");
    return new ForecastCase(
        name,
        setup,
        "alter table items " + action,
        facts(
            "ALTER TABLE",
            List.of(new Work(Work.Kind.VALIDATION, ITEMS, "c")),
            List.of(),
            constraints(constraint)));
  }

  private static ForecastCase lookup(String name, List<String> items, int owners) {
    List<String> setup = new ArrayList<>(items);
    setup.add("create table owners (id int primary key)");
    setup.add("insert into owners select generate_series(1, " + owners + ")");
    ConstraintState key =
        new ConstraintState(
            "k",
            ITEMS,
            ITEMS,
            ConstraintState.Kind.FOREIGN_KEY,
            true,
            List.of("owner"),
            OWNERS,
            OWNERS,
            List.of("id"),
            "owners_pkey",
            "FOREIGN KEY (owner) REFERENCES owners(id)");
    return new ForecastCase(
        name,
        setup,
        "alter table items add constraint k foreign key (owner) references owners",
        facts(
            "ALTER TABLE",
            List.of(
                new Work(Work.Kind.VALIDATION, ITEMS, "k"), new Work(Work.Kind.SCAN, OWNERS, null)),
            List.of(),
            constraints(key)));
  }

  private static ForecastCase change(
      String command, String name, List<String> setup, String set, String where) {
    String sql =
        command.equals("UPDATE")
            ? "update items set " + set + " where " + where
            : "delete from items where " + where;
    return statement(name, setup, sql, new Write(ITEMS, ITEMS, command));
  }

  private static ForecastCase statement(String name, List<String> setup, String sql, Write write) {
    return new ForecastCase(
        name, setup, sql, facts(write.command(), List.of(), List.of(write), Changes.NONE));
  }

  private static Changes constraints(ConstraintState constraint) {
    return new Changes(
        List.of(), List.of(), List.of(), List.of(new Change<>(null, constraint)), List.of());
  }

  private static ScriptFacts facts(
      String command, List<Work> work, List<Write> writes, Changes changes) {
    StatementFacts statement =
        new StatementFacts(
            1,
            1,
            1,
            command,
            true,
            true,
            0,
            List.of(new LockTaken(ITEMS, null, LockMode.ACCESS_EXCLUSIVE)),
            work,
            writes,
            List.of(),
            changes);
    return new ScriptFacts(SCRIPT, true, false, List.of(statement));
  }
}
