package io.whimbrel.executor.backup;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.whimbrel.event.TableName;
import java.util.List;
import java.util.Optional;

/**
 * What the tables of a run held at one moment.
 *
 * @param tables every table of the target's schemas at that moment
 * @param contents of the tables that the run touches or made
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ContentState(List<TableName> tables, List<Fingerprint> contents) {
  public ContentState {
    tables = List.copyOf(tables);
    contents = List.copyOf(contents);
  }

  Optional<Fingerprint> of(TableName table) {
    return contents.stream().filter(content -> content.table().equals(table)).findFirst();
  }
}
