package io.whimbrel.executor.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.whimbrel.executor.catalog.Checksum;
import io.whimbrel.executor.catalog.Migration;
import io.whimbrel.executor.catalog.Placeholders;
import io.whimbrel.executor.catalog.Refusal;
import io.whimbrel.executor.catalog.Script;
import io.whimbrel.executor.catalog.ScriptConfig;
import io.whimbrel.executor.catalog.ScriptText;
import io.whimbrel.executor.catalog.Version;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RangedStatementTest {

  private static final BatchKey KEY =
      new BatchKey("public.users", List.of(new BatchKey.Column("id", "bigint")));
  private static final String RANGE = " > cast('5' as bigint) and %s <= cast('9' as bigint))";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "update users set n = 1 | update users set n = 1 where ¤ | users.id",
        "update users set n = 1 where a or b | update users set n = 1 where ( a or b ) and ¤ |"
            + " users.id",
        "update public.users u set n = 1 where a | update public.users u set n = 1 where ( a ) and"
            + " ¤ | u.id",
        "update only users * as \"U\" set n = (select 1 where true) | update only users * as \"U\""
            + " set n = (select 1 where true) where ¤ | \"U\".id",
        "update users set n = 1 from o where o.id = users.id returning 1 | update users set n = 1"
            + " from o where ( o.id = users.id ) and ¤ returning 1 | users.id",
        "update users set n = 1 returning id | update users set n = 1 where ¤ returning id |"
            + " users.id",
        "delete from users | delete from users where ¤ | users.id",
        "delete from users u using o where o.x = ' where ' | delete from users u using o where ("
            + " o.x = ' where ' ) and ¤ | u.id",
        "insert into t select * from users where /* whimbrel:range */ | insert into t select * from"
            + " users where ¤ | id",
        "insert into t select * from users o where /*whimbrel:range o.id*/ and a | insert into t"
            + " select * from users o where ¤ and a | o.id",
      })
  void theRangeGoesIntoTheConditionOfTheStatement(String sql, String expected, String key) {
    String ranged =
        RangedStatement.of(script(sql))
            .between(new KeyRange(KEY, key("5"), key("9"), 4))
            .replaceAll("\\s+", " ")
            .strip();

    assertThat(ranged).isEqualTo(expected.replace("¤", "(" + key + RANGE.formatted(key)));
  }

  @Test
  void aCommentAtTheEndOfTheConditionHidesNothing() {
    String sql =
        RangedStatement.of(script("update users set n = 1 where a -- or b\n -- c"))
            .between(new KeyRange(KEY, null, key("9"), 4));

    assertThat(sql).contains("-- c\n) and (users.id <= ");
  }

  @Test
  void anEmptyTableMatchesNothing() {
    assertThat(
            RangedStatement.of(script("delete from users"))
                .between(new KeyRange(KEY, null, null, 0)))
        .contains("where (false)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "insert into t select 1 | only UPDATE and DELETE are cut into batches by themselves; write",
        "with a as (select 1) update users set n = 1 | only UPDATE and DELETE are cut",
        "select 1; select 2 | has one statement; split",
        "update users set id = id + 1 | the batch key itself is changed",
        "update users set n = 1, id = 2 | the batch key itself is changed",
        "update users set n = 1 where current of c | WHERE CURRENT OF cannot be cut",
        "select /* whimbrel:range */ /* whimbrel:range */ | stands twice",
        "vacuum users | a batch needs a transaction",
      })
  void aStatementWithoutAPlaceForTheRangeIsRefused(String sql, String message) {
    assertThatThrownBy(() -> ScriptRunner.check(script(sql)))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("V1__b.sql line ")
        .hasMessageContaining(message);
  }

  private static KeyValue key(String text) {
    return new KeyValue(List.of(text));
  }

  private static Script script(String sql) {
    String text = "-- whimbrel:batch table=users key=id\n" + sql;
    Migration migration =
        new Migration(
            Migration.Kind.VERSIONED,
            Version.of("1"),
            "b",
            "V1__b.sql",
            Path.of("."),
            Checksum.of(text),
            ScriptConfig.DEFAULT,
            ScriptText.of(text));
    return Script.of(migration, new Placeholders(Map.of(), "public", "u", "d", "t"));
  }
}
