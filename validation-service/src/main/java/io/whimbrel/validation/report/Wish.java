package io.whimbrel.validation.report;

import io.whimbrel.validation.rule.Mode;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of a validation.
 *
 * @param rules the ids of those that look; empty for all of the categories
 * @param categories those whose rules look; empty for all
 * @param mode null for the configured one
 * @param strict whether warnings fail the validation; null for what is configured
 * @param since the validation of the same target whose notes this one is compared with
 */
public record Wish(
    Reach scope,
    List<String> rules,
    List<String> categories,
    @Nullable Mode mode,
    @Nullable Boolean strict,
    @Nullable UUID since) {

  /** What a run wants: what it touches, by the configured rules. */
  public static final Wish OF_RUN = new Wish(Reach.TOUCHED, List.of(), List.of(), null, null, null);

  public Wish {
    rules = List.copyOf(rules);
    categories = List.copyOf(categories);
  }
}
