package io.whimbrel.executor.apply;

import java.util.List;

/**
 * How several scripts in one transaction ended.
 *
 * @param whole what became of the transaction; applied means all of them
 * @param each in the order of the scripts, if they were applied now; otherwise empty
 */
public record AppliedTogether(ApplyResult whole, List<ApplyResult.Applied> each) {

  public AppliedTogether {
    each = List.copyOf(each);
  }
}
