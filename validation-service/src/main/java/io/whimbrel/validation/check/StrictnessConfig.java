package io.whimbrel.validation.check;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What users set under names they already know: {@code MIGRATION_VALIDATION_...}. */
@ConfigMapping(prefix = "migration.validation")
public interface StrictnessConfig {

  /** Whether anything is looked at; if not, every validation is answered "valid", with a note. */
  @WithDefault("true")
  boolean enabled();

  /** Whether a warning, or a table that could not be looked at, fails a validation too. */
  @WithDefault("false")
  boolean strictMode();
}
