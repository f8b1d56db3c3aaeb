package io.whimbrel.monitoring.export;

/** What can be exported. */
public enum Subject {
  EVENTS(
      """
      select recorded_at, position, topic, kafka_partition, kafka_offset, event_id, source, run_id,
        target, occurred_at, payload
      from event_log
      where (cast(:target as text) is null or target = :target)
        and (cast(:from as timestamptz) is null or recorded_at >= :from)
        and (cast(:to as timestamptz) is null or recorded_at < :to)
      order by recorded_at, position
      """),
  RUNS(
      """
      select run_id, target, operation, state, requested_at, started_at, validating_at,
        backing_up_at, applying_at, verifying_at, rolling_back_at, finished_at, duration_ms,
        rows_done, sql_state
      from run_picture
      where (cast(:target as text) is null or target = :target)
        and (cast(:from as timestamptz) is null or finished_at >= :from)
        and (cast(:to as timestamptz) is null or finished_at < :to)
      order by finished_at
      """),
  ALERTS(
      """
      select alert_id, severity, kind, status, target, run_id, title, detail, deduplication_key,
        raised_at, acknowledged_at, acknowledged_by, note, resolved_at, silenced
      from alert
      where (cast(:target as text) is null or target = :target)
        and (cast(:from as timestamptz) is null or raised_at >= :from)
        and (cast(:to as timestamptz) is null or raised_at < :to)
      order by raised_at, alert_id
      """);

  private final String query;

  Subject(String query) {
    this.query = query;
  }

  String query() {
    return query;
  }
}
