package io.whimbrel.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.RunStateName;
import org.junit.jupiter.api.Test;

/** Scripts that fail. */
@WholeSuite
class FailureST {
  private final Suite suite;

  FailureST(Suite suite) {
    this.suite = suite;
  }

  @Test
  void aFailingScriptLeavesNoTraceAndEarlierOnesStay() {
    TestTarget target =
        suite
            .target()
            .script(
                "V1__Accounts.sql",
                "create table account (id int primary key, owner text, balance int not null);\n"
                    + "insert into account values (1, 'ann', 10), (2, null, 20);")
            .effect("1", "select to_regclass('account') is not null")
            .script(
                "V2__Owners_are_required.sql",
                """
                create table owner (name text primary key);

                insert into owner select owner from account where owner is not null;
                -- Fails because of the row without an owner.
                alter table account
                  alter column owner set not null;
                """)
            .effect("2", "select to_regclass('owner') is not null")
            .script("V3__Later.sql", "create table later (id int primary key);")
            .effect("3", "select to_regclass('later') is not null");

    Run run = suite.api().execute(target);

    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.FAILED);
    assertThat(run.error().path("sqlState").asText()).isEqualTo("23502");
    assertThat(run.error().path("script").asText()).isEqualTo("V2__Owners_are_required.sql");
    assertThat(run.error().path("line").asInt()).isEqualTo(5);
    assertThat(run.error().path("statement").asInt()).isEqualTo(3);
    assertThat(run.scripts("APPLIED")).containsExactly("V1__Accounts.sql");
    assertThat(run.scripts("FAILED")).containsExactly("V2__Owners_are_required.sql");
    assertThat(run.scripts("PENDING")).containsExactly("V3__Later.sql");
    assertThat(History.of(target).applied()).containsExactly("1");
    History.of(target).flywayAgrees("2", "3");
    suite.invariantsHold(target);
  }

  @Test
  void afterACorrectionTheNextRunGoesOn() {
    TestTarget target =
        suite
            .target()
            .script("V1__a.sql", "create table a (id int primary key);")
            .script("V2__b.sql", "insert into a values (1);\ninsert into a values (1);");
    Run failed = suite.api().execute(target);
    target.script("V2__b.sql", "insert into a values (1);\ninsert into a values (2);");

    Run corrected = suite.api().execute(target);

    assertThat(failed.error().path("sqlState").asText()).isEqualTo("23505");
    assertThat(corrected.state()).as("%s", corrected).isEqualTo(RunStateName.COMPLETED);
    assertThat(target.rows("a")).isEqualTo("1\n2\n");
    History.of(target).flywayAgrees();
    suite.invariantsHold(target);
  }

  @Test
  void aScriptThatDoesNotAchieveWhatItPromisesFails() {
    TestTarget target =
        suite
            .target()
            .sql("create table person (id int primary key, email text);")
            .sql("insert into person values (1, 'A@B.ORG'), (2, 'C@D.ORG');")
            .script(
                "V1__Lower_case.sql",
                """
                -- whimbrel:verify select count(*) = 0 from person where email <> lower(email)
                update person set email = lower(email) where id = 1;
                """)
            .effect("1", "select exists (select from person where email = 'a@b.org')");

    Run run = suite.api().execute(target);

    assertThat(run.state()).as("%s", run).isEqualTo(RunStateName.FAILED);
    assertThat(run.error().path("script").asText()).isEqualTo("V1__Lower_case.sql");
    assertThat(target.rows("person")).isEqualTo("1\tA@B.ORG\n2\tC@D.ORG\n");
    suite.invariantsHold(target);
  }
}
