package io.whimbrel.executor.plan;

import io.whimbrel.executor.apply.AppliedMigration;
import java.util.Optional;

/** What scripts said when they were applied, as far as that is known. */
public interface FormerTexts {

  FormerTexts UNKNOWN = row -> Optional.empty();

  /** Without byte order mark, placeholders not replaced. */
  Optional<String> of(AppliedMigration row);
}
