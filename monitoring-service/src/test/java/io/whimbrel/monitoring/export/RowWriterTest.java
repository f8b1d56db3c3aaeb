package io.whimbrel.monitoring.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.whimbrel.monitoring.export.RowWriter.Column;
import io.whimbrel.monitoring.export.RowWriter.Kind;
import java.io.IOException;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowWriterTest {
  private static final List<Column> COLUMNS =
      List.of(
          new Column("id", Kind.TEXT),
          new Column("number", Kind.NUMBER),
          new Column("yes", Kind.BOOLEAN),
          new Column("payload", Kind.JSON));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "=HYPERLINK(1)|'=HYPERLINK(1)",
        "+1|'+1",
        "-1|'-1",
        "@cmd|'@cmd",
        "＝1|'＝1",
        "plain|plain",
        "a,b|\"a,b\"",
        "say \"so\"|\"say \"\"so\"\"\"",
      })
  void aSpreadsheetTakesNoValueForAFormula(String value, String cell) throws IOException {
    assertThat(written(Format.CSV, value, "1", "t", "{}")).endsWith("\r\n" + cell + ",1,t,{}\r\n");
  }

  @Test
  void csvHasAHeaderAndLeavesOutWhatIsNull() throws IOException {
    assertThat(written(Format.CSV, "a", null, null, null))
        .isEqualTo("id,number,yes,payload\r\na,,,\r\n");
  }

  @Test
  void ndjsonIsOneLineForEachRow() throws IOException {
    assertThat(written(Format.NDJSON, "a\"\u0001", "7", "t", "{\n\"x\":\r\n1}"))
        .isEqualTo(
            "{\"id\":\"a\\\"\\u0001\",\"number\":7,\"yes\":true,\"payload\":{ \"x\":  1}}\n");
  }

  @Test
  void jsonIsOneArray() throws IOException {
    assertThat(written(Format.JSON, null, "7", "f", null))
        .isEqualTo("[\n{\"number\":7,\"yes\":false}\n]\n");
  }

  private static String written(Format format, @Nullable String... values) throws IOException {
    StringWriter out = new StringWriter();
    RowWriter writer = format.writer(out);
    writer.begin(COLUMNS);
    writer.row(Arrays.asList(values));
    writer.end();
    return out.toString();
  }
}
