package io.whimbrel.monitoring.export;

import jakarta.ws.rs.core.MediaType;
import java.io.Writer;

/** How an export is written. */
public enum Format {
  JSON(MediaType.APPLICATION_JSON, "json"),
  NDJSON("application/x-ndjson", "ndjson"),
  CSV("text/csv;charset=utf-8", "csv");

  private final String mediaType;
  private final String extension;

  Format(String mediaType, String extension) {
    this.mediaType = mediaType;
    this.extension = extension;
  }

  public String mediaType() {
    return mediaType;
  }

  public String extension() {
    return extension;
  }

  RowWriter writer(Writer out) {
    return this == CSV ? new CsvWriter(out) : new JsonWriter(out, this == NDJSON);
  }
}
