package io.whimbrel.monitoring.figures;

import io.whimbrel.monitoring.figures.Figures.Period;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.Query;

/** How many events, unreadable records and alerts there were, counted in the database. */
@ApplicationScoped
class EventFigureRepository {
  private final Jdbi jdbi;

  EventFigureRepository(DataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  /** Records of a period that could not be read, by topic. */
  Map<String, Long> deadLetters(Period period) {
    if (period.equals(Period.ALWAYS)) {
      return deadLetters();
    }
    return jdbi.withHandle(
        handle ->
            counts(
                handle
                    .createQuery(
                        """
                        select topic as name, count(*) as count from dead_letter
                        where (cast(:from as timestamptz) is null or recorded_at >= :from)
                          and (cast(:to as timestamptz) is null or recorded_at < :to)
                        group by topic
                        """)
                    .bind("from", period.from())
                    .bind("to", period.to())));
  }

  private Map<String, Long> deadLetters() {
    return jdbi.withHandle(
        handle ->
            counts(
                handle.createQuery(
                    "select topic as name, letters as count from dead_letter_count")));
  }

  Map<String, Long> events() {
    return jdbi.withHandle(
        handle ->
            counts(handle.createQuery("select topic as name, events as count from event_count")));
  }

  /** Alerts ever raised; each name is a kind and a severity with a colon between. */
  Map<String, Long> alerts() {
    return jdbi.withHandle(
        handle ->
            counts(
                handle.createQuery(
                    """
                    select kind || ':' || severity as name, alerts as count from alert_count
                    """)));
  }

  /** Alerts that are not resolved, named the same. */
  Map<String, Long> openAlerts() {
    return jdbi.withHandle(
        handle ->
            counts(
                handle.createQuery(
                    """
                    select kind || ':' || severity as name, count(*) as count
                    from alert where status <> 'RESOLVED' group by kind, severity
                    """)));
  }

  /** Each count by its name, from columns of these names. */
  static Map<String, Long> counts(Query query) {
    Map<String, Long> counts = new TreeMap<>();
    query
        .map((rs, ctx) -> Map.entry(rs.getString("name"), rs.getLong("count")))
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    return counts;
  }
}
