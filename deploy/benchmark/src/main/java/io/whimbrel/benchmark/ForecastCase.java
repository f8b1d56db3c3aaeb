package io.whimbrel.benchmark;

import java.util.ArrayList;
import java.util.List;

/**
 * A statement whose duration is predicted and then measured.
 *
 * @param setup what makes its tables, before they are vacuumed and analyzed
 */
record ForecastCase(String name, List<String> setup, String sql) {

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
    int half = rows / 2;
    int tenth = rows / 10;
    return List.of(
        of("index on integers", narrow(rows), "create index x on items (amount)"),
        of("index on times", narrow(half), "create index x on items (at)"),
        of("index on texts", medium(half), "create index x on items (name)"),
        of("index on two columns, wide", wide(tenth), "create index x on items (owner, name)"),
        of("unique index", medium(half), "create unique index x on items (id)"),
        of("integer to bigint, narrow", narrow(rows), alter("alter amount type bigint")),
        of("integer to bigint, wide", wide(tenth), alter("alter amount type bigint")),
        of("integer to text", medium(half), alter("alter amount type text")),
        of("volatile default", narrow(half), alter("add code uuid default gen_random_uuid()")),
        of("not null, narrow", narrow(rows), alter("alter amount set not null")),
        of("not null, wide", wide(half / 2), alter("alter name set not null")),
        of("check", medium(half), alter("add check (amount between 0 and 9999)")),
        lookup("foreign key, few parents", narrow(rows), rows / 20),
        lookup("foreign key, many parents", medium(half), half),
        of("update of 1 %", narrow(rows), "update items set amount = -1 where id % 100 = 7"),
        of("update of 10 %", medium(half), "update items set amount = -1 where id % 10 = 7"),
        of("update of 50 %", narrow(half), "update items set amount = -1 where id % 2 = 1"),
        of("update of all, wide", wide(tenth), "update items set amount = -1"),
        of("delete of 20 %", narrow(half), "delete from items where id % 5 = 1"),
        of("delete of 50 %, wide", wide(tenth), "delete from items where amount < 500"),
        of("insert from a query", medium(half), "insert into items select * from items"),
        of("column without default", narrow(half), alter("add extra text")));
  }

  private static ForecastCase of(String name, List<String> setup, String sql) {
    return new ForecastCase(name, setup, sql);
  }

  private static String alter(String action) {
    return "alter table items " + action;
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

  private static ForecastCase lookup(String name, List<String> items, int owners) {
    List<String> setup = new ArrayList<>(items);
    setup.add("create table owners (id int primary key)");
    setup.add("insert into owners select generate_series(1, " + owners + ")");
    return of(name, setup, alter("add foreign key (owner) references owners"));
  }
}
