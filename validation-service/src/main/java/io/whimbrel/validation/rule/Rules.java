package io.whimbrel.validation.rule;

import java.util.List;

/** The rules there are. */
public final class Rules {

  /** In the order of reports. */
  public static final List<Rule> ALL =
      List.of(
          new FkIntegrity(),
          new NotNullConstraints(),
          new UniqueConstraints(),
          new CheckConstraints(),
          new ReferentialIntegrity(),
          new DataTypeValidation(),
          new DataRangeValidation(),
          new OrphanedRecords(),
          new DuplicateData(),
          new DataConsistency(),
          new IndexEfficiency(),
          new QueryPerformance(),
          new TableSize(),
          new ConnectionPool(),
          new BusinessConstraints(),
          new DataRetention(),
          new AuditTrail());

  private Rules() {}
}
