package io.whimbrel.validation.rule;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class IndexEfficiencyIT extends RuleTestBase {

  static Stream<Arguments> cases() {
    return Stream.of(
        Arguments.of(
            "create index one on t (a); create index two on t (a)", "two is the same as one"),
        Arguments.of(
            "create unique index one on t (a); create index two on t (a)",
            "two is the same as one"),
        Arguments.of(
            "create index one on t (a); create unique index two on t (a)",
            "one is the same as two"),
        Arguments.of(
            "create index one on t (a, b); create index two on t (a)",
            "two is what one starts with"),
        Arguments.of("create index one on t (b, a); create index two on t (a)", null),
        Arguments.of(
            "create index one on t (a); create unique index two on t (a, b)",
            "one is what two starts with"),
        Arguments.of("create unique index one on t (a); create index two on t (a, b)", null),
        Arguments.of("create index one on t (a); create index two on t (a desc)", null),
        Arguments.of("create index one on t (a); create index two on t (a) where a > 0", null),
        Arguments.of("create index one on t (a, b); create index two on t (a) include (b)", null),
        Arguments.of("create index one on t (c); create index two on t (c text_pattern_ops)", null),
        Arguments.of(
            "create index one on t (lower(c)); create index two on t (lower(c))",
            "two is the same as one"),
        Arguments.of("create index one on t (lower(c)); create index two on t (upper(c))", null),
        Arguments.of(
            "alter table t add constraint one unique (a); create index two on t (a)",
            "two is the same as one"),
        Arguments.of(
            "alter table t add constraint up foreign key (a) references t (id)",
            "up has no index: a deletion of a parent reads the whole child"),
        Arguments.of(
            "create index one on t (b, a); alter table t add foreign key (a, b) references u (x,"
                + " y)",
            null));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void namesWhatIsSuperfluousOrMissing(String sql, @Nullable String fault) throws SQLException {
    database.run(
        """
        create table t (id int primary key, a int, b int, c text collate "C");
        create table u (x int, y int, primary key (x, y));
        """);
    database.run(sql);
    assertThat(database.look(new IndexEfficiency(), "t").findings())
        .extracting(Finding::message)
        .isEqualTo(fault == null ? List.of() : List.of(fault));
  }
}
