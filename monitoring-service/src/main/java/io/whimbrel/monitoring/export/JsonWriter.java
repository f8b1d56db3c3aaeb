package io.whimbrel.monitoring.export;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One JSON object for each row: as an array, or a line each. A null value is left out. */
final class JsonWriter implements RowWriter {
  private final Writer out;
  private final boolean lines;
  private List<Column> columns = new ArrayList<>();
  private boolean first = true;

  JsonWriter(Writer out, boolean lines) {
    this.out = out;
    this.lines = lines;
  }

  @Override
  public void begin(List<Column> all) throws IOException {
    columns = all;
    out.write(lines ? "" : "[");
  }

  @Override
  public void row(List<@Nullable String> values) throws IOException {
    if (!lines) {
      out.write(first ? "\n" : ",\n");
    }
    first = false;
    String separator = "{";
    for (int i = 0; i < values.size(); i++) {
      String value = values.get(i);
      if (value != null) {
        out.write(separator);
        string(columns.get(i).name());
        out.write(':');
        value(columns.get(i).kind(), value);
        separator = ",";
      }
    }
    out.write(separator.equals("{") ? "{}" : "}");
    out.write(lines ? "\n" : "");
  }

  private void value(Kind kind, String value) throws IOException {
    switch (kind) {
      case TEXT -> string(value);
      case NUMBER -> out.write(value);
      case BOOLEAN -> out.write(value.equals("t") ? "true" : "false");
      // Within JSON a line can only end between tokens, where a blank does as well.
      case JSON -> out.write(value.replace('\n', ' ').replace('\r', ' '));
    }
  }

  private void string(String text) throws IOException {
    out.write('"');
    out.write(JsonStringEncoder.getInstance().quoteAsString(text));
    out.write('"');
  }

  @Override
  public void end() throws IOException {
    out.write(lines ? "" : "\n]\n");
    out.flush();
  }
}
