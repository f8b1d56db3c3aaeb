package io.whimbrel.validation.rule;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What a rule is about. */
public enum Category {
  DATA_INTEGRITY,
  PERFORMANCE,
  BUSINESS_LOGIC,
  CUSTOM;

  /** The category's name in answers and requests, e.g. {@code data_integrity}. */
  @JsonValue
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<Category> of(String id) {
    return Stream.of(values()).filter(category -> category.id().equals(id)).findFirst();
  }
}
