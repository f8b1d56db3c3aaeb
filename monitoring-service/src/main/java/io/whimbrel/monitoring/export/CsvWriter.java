package io.whimbrel.monitoring.export;

import java.io.IOException;
import java.io.Writer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * CSV as RFC 4180 has it, with a header. A value that a spreadsheet would take for a formula begins
 * with an apostrophe.
 */
final class CsvWriter implements RowWriter {
  private static final String FORMULA = "=+-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20";

  private final Writer out;

  CsvWriter(Writer out) {
    this.out = out;
  }

  @Override
  public void begin(List<Column> columns) throws IOException {
    row(columns.stream().map(Column::name).toList());
  }

  @Override
  public void row(List<@Nullable String> values) throws IOException {
    for (int i = 0; i < values.size(); i++) {
      if (i > 0) {
        out.write(',');
      }
      cell(values.get(i));
    }
    out.write("\r\n");
  }

  private void cell(@Nullable String value) throws IOException {
    if (value == null) {
      return;
    }
    String safe = !value.isEmpty() && FORMULA.indexOf(value.charAt(0)) >= 0 ? "'" + value : value;
    if (safe.chars().anyMatch(c -> c == ',' || c == '"' || c == '\r' || c == '\n')) {
      out.write('"');
      out.write(safe.replace("\"", "\"\""));
      out.write('"');
    } else {
      out.write(safe);
    }
  }

  @Override
  public void end() throws IOException {
    out.flush();
  }
}
