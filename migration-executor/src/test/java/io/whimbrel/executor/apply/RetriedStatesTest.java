package io.whimbrel.executor.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetriedStatesTest {

  @Test
  void theDocumentationListsThemAll() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "how-to", "script-headers.md"));
    Set<String> documented =
        Pattern.compile("^\\| `([0-9A-Z]{5})` \\|", Pattern.MULTILINE)
            .matcher(page)
            .results()
            .map(row -> row.group(1))
            .collect(Collectors.toSet());

    assertThat(documented).isEqualTo(RetriedStates.all());
  }

  @ParameterizedTest
  @ValueSource(strings = {"57014", "23505", "42P07", "08006", "57P01", "XX000", "53300"})
  void nothingElseIsTriedAgain(String sqlState) {
    assertThat(RetriedStates.include(new SQLException("failed", sqlState))).isFalse();
  }
}
