package io.whimbrel.executor.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.executor.catalog.Token.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Parser;

/**
 * Random scripts, and a real project's, are cut where PostgreSQL and its driver see the end of a
 * statement. A failure names its seed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SplittingIT {

  private static final int SCRIPTS = 3000;

  @TempDir Path directory;
  private ServerParser server;

  @BeforeAll
  void connect() throws IOException {
    server = new ServerParser();
  }

  @AfterAll
  void disconnect() throws IOException {
    server.close();
  }

  @Test
  void theServerTakesOneStatementAtATime() throws IOException {
    assertThat(server.syntaxError("select 1; select 2")).contains("multiple commands");
    assertThat(server.syntaxError("select from where")).contains("syntax error");
    assertThat(server.syntaxError("select 1")).isEmpty();
    assertThat(server.syntaxError("select * from nowhere")).isEmpty();
  }

  @Test
  void aGeneratedScriptIsCutIntoWhatItIsMadeOf() throws IOException {
    for (long seed = 0; seed < SCRIPTS; seed++) {
      GeneratedScript script = new GeneratedScript(seed, true);
      List<Statement> parts = Statements.of("seed " + seed, script.text());

      assertThat(parts)
          .as("seed %d: %s", seed, script.text())
          .extracting(Statement::sql)
          .zipSatisfy(
              script.statements(),
              (part, statement) -> assertThat(withoutTrailingComment(part)).isEqualTo(statement));
      keepsAll("seed " + seed, script.text(), parts);
      eachIsOne("seed " + seed, parts);
    }
  }

  @Test
  void aGeneratedScriptIsCutAsTheDriverCutsIt() throws SQLException {
    for (long seed = 0; seed < SCRIPTS; seed++) {
      String text = new GeneratedScript(seed, false).text();

      List<NativeQuery> driver = Parser.parseJdbcSql(text, true, false, true, false, false);

      assertThat(Statements.of("seed " + seed, text))
          .as("seed %d: %s", seed, text)
          .hasSameSizeAs(driver.stream().filter(query -> !isEmpty(query.nativeSql)).toList());
    }
  }

  @Test
  void aRealProjectIsCutIntoSingleStatementsAndNothingIsLost() throws IOException {
    for (Migration migration :
        new FlywayCatalogueReader().read(ConductorScripts.copyTo(directory)).versioned()) {
      String text = migration.text().whole();
      List<Statement> parts = Statements.of(migration.script(), text);

      keepsAll(migration.script(), text, parts);
      eachIsOne(migration.script(), parts);
    }
  }

  /** Between the parts is nothing but comments, semicolons and space. */
  private static void keepsAll(String name, String text, List<Statement> parts) {
    int end = 0;
    for (Statement part : parts) {
      int begin = text.indexOf(part.sql(), end);
      assertThat(begin).as(name).isGreaterThanOrEqualTo(end);
      assertThat(isEmpty(text.substring(end, begin))).as(name).isTrue();
      assertThat(part.line()).as(name).isEqualTo((int) lineEnds(text.substring(0, begin)) + 1);
      end = begin + part.sql().length();
    }
    assertThat(isEmpty(text.substring(end))).as(name).isTrue();
  }

  private void eachIsOne(String name, List<Statement> parts) throws IOException {
    for (Statement part : parts) {
      assertThat(server.syntaxError(part.sql())).as(name + ": " + part.sql()).isEmpty();
    }
  }

  private static long lineEnds(String text) {
    return text.chars().filter(c -> c == '\n').count();
  }

  private static boolean isEmpty(String sql) {
    return SqlLexer.tokens(sql).stream()
        .allMatch(token -> token.kind() == Kind.COMMENT || token.kind() == Kind.SEMICOLON);
  }

  private static String withoutTrailingComment(String sql) {
    List<Token> tokens = SqlLexer.tokens(sql);
    int last = tokens.size() - 1;
    while (tokens.get(last).kind() == Kind.COMMENT) {
      last--;
    }
    return sql.substring(0, tokens.get(last).end());
  }
}
