package io.whimbrel.validation.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.event.Severity;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FkIntegrityIT extends RuleTestBase {
  private final Rule rule = new FkIntegrity();

  @Test
  void childrenWithoutParentUnderANotValidKeyAreFound() throws SQLException {
    database.run(
        """
        create table parent (id int primary key);
        create table child (id int primary key, parent_id int);
        insert into parent values (1);
        insert into child values (1, 1), (2, 7), (3, null), (4, 8);
        alter table child add constraint child_parent foreign key (parent_id)
          references parent not valid;
        """);
    Finding finding = database.look(rule, "child").findings().get(0);
    assertThat(finding.severity()).isEqualTo(Severity.ERROR);
    assertThat(finding.table()).hasToString("public.child");
    assertThat(finding.subject()).isEqualTo("child_parent");
    assertThat(finding.rows()).isEqualTo(2);
    assertThat(finding.keys()).containsExactly(Map.of("id", "2"), Map.of("id", "4"));
    assertThat(finding.remedy())
        .contains("alter table public.child validate constraint child_parent;");
  }

  @Test
  void touchingTheParentFindsItToo() throws SQLException {
    database.run(
        """
        create table parent (id int primary key);
        create table child (id int primary key, parent_id int);
        insert into child values (1, 1);
        alter table child add foreign key (parent_id) references parent not valid;
        """);
    assertThat(database.look(rule, "parent").findings()).hasSize(1);
  }

  @Test
  void aNotValidKeyThatHoldsPasses() throws SQLException {
    database.run(
        """
        create table parent (id int primary key);
        create table child (id int primary key, parent_id int);
        insert into parent values (1);
        insert into child values (1, 1), (2, null);
        alter table child add foreign key (parent_id) references parent not valid;
        """);
    RuleFixture.Looked look = database.look(rule, "child");
    assertThat(look.findings()).isEmpty();
    assertThat(look.looks()).isEqualTo(1);
  }

  @Test
  void notEnforcedKeysAreLookedAt() throws SQLException {
    database.run(
        """
        create table parent (id int primary key);
        create table child (id int primary key, parent_id int references parent not enforced);
        insert into child values (1, 1);
        """);
    Finding finding = database.look(rule, "child").findings().get(0);
    assertThat(finding.rows()).isEqualTo(1);
    assertThat(finding.remedy()).doesNotContain("validate constraint");
  }

  @Test
  void keysWhoseTriggersAreDisabledAreLookedAt() throws SQLException {
    database.run(
        """
        create table parent (id int primary key);
        create table child (id int primary key, parent_id int references parent);
        alter table child disable trigger all;
        insert into child values (1, 1);
        """);
    assertThat(database.look(rule, "child").findings()).hasSize(1);
  }

  @Test
  void validatedKeysAreLookedAtInFullModeOnly() throws SQLException {
    database.run(
        """
        create table parent (id int primary key);
        create table child (id int primary key, parent_id int references parent);
        set session_replication_role = replica;
        insert into child values (1, 1);
        """);
    assertThat(database.look(rule, "child").looks()).isZero();
    assertThat(database.look(rule, Mode.FULL, "child").findings()).hasSize(1);
  }

  @Test
  void compositeKeysOfMatchSimpleAreExemptWhenPartlyNull() throws SQLException {
    database.run(
        """
        create table parent (a int, b text, primary key (a, b));
        create table child (x int, y int, a int, b text, primary key (x, y));
        insert into parent values (1, 'one');
        insert into child values (1, 1, 1, 'one'), (1, 2, 1, null), (1, 3, 1, 'two');
        alter table child add foreign key (a, b) references parent not valid;
        """);
    Finding finding = database.look(rule, "child").findings().get(0);
    assertThat(finding.rows()).isEqualTo(1);
    assertThat(finding.keys()).containsExactly(Map.of("x", "1", "y", "3"));
  }

  @Test
  void compositeKeysOfMatchFullMayNotBePartlyNull() throws SQLException {
    database.run(
        """
        create table parent (a int, b int, primary key (a, b));
        create table child (id int primary key, a int, b int);
        insert into child values (1, null, null), (2, 1, null), (3, 5, 5);
        alter table child add foreign key (a, b) references parent match full not valid;
        """);
    assertThat(database.look(rule, "child").findings())
        .extracting(Finding::rows)
        .containsExactly(1L, 1L);
  }

  @Test
  void quotedNamesInOtherSchemasAreFound() throws SQLException {
    database.run(
        """
        create schema "Sales Dept";
        create table "Sales Dept"."Order ""X"" of" ("Id" int primary key);
        create table "Sales Dept"."Line" ("No" int primary key, "Order Id" int);
        insert into "Sales Dept"."Line" values (1, 1);
        alter table "Sales Dept"."Line" add constraint "it's a key" foreign key ("Order Id")
          references "Sales Dept"."Order ""X"" of" not valid;
        """);
    Finding finding = database.look(rule, "Sales Dept.Line").findings().get(0);
    assertThat(finding.subject()).isEqualTo("it's a key");
    assertThat(finding.keys()).containsExactly(Map.of("No", "1"));
    database.run(
        "delete from \"Sales Dept\".\"Line\";"
            + String.valueOf(finding.remedy()).lines().skip(2).findFirst().orElseThrow());
  }

  @Test
  void partitionedTablesAreLookedAtOnceOverAllPartitions() throws SQLException {
    database.run(
        """
        create table parent (id int primary key) partition by range (id);
        create table parent_1 partition of parent for values from (0) to (100);
        create table child (id int, parent_id int, primary key (id)) partition by hash (id);
        create table child_0 partition of child for values with (modulus 2, remainder 0);
        create table child_1 partition of child for values with (modulus 2, remainder 1);
        insert into parent values (1);
        insert into child select i, 1 + i % 2 from generate_series(1, 10) i;
        alter table child_0 add constraint of_partition foreign key (parent_id)
          references parent not valid;
        """);
    assertThat(database.look(rule, "child").findings())
        .extracting(Finding::subject)
        .containsExactly("of_partition");
    database.run(
        """
        alter table child_0 drop constraint of_partition;
        alter table child add constraint of_root foreign key (parent_id) references parent
          not enforced;
        """);
    for (String touched : new String[] {"child", "child_1", "parent", "parent_1"}) {
      assertThat(database.look(rule, touched).findings())
          .as(touched)
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.subject()).isEqualTo("of_root");
                assertThat(finding.rows()).isEqualTo(5);
              });
    }
  }

  @Test
  void rangesOfATemporalKeyMustBeCovered() throws SQLException {
    database.run(
        """
        create extension btree_gist;
        create table parent (id int, during int4range,
          primary key (id, during without overlaps));
        create table child (id int primary key, parent_id int, during int4range);
        insert into parent values (1, '[0,10)'), (1, '[10,20)');
        insert into child values (1, 1, '[5,15)'), (2, 1, '[15,25)'), (3, 2, '[0,1)');
        alter table child add constraint during foreign key (parent_id, period during)
          references parent (id, period during) not valid;
        """);
    assertThat(database.look(rule, "child").findings().get(0).keys())
        .containsExactly(Map.of("id", "2"), Map.of("id", "3"));
  }
}
