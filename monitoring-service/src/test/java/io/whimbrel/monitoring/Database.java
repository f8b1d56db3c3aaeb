package io.whimbrel.monitoring;

import io.whimbrel.local.EmbeddedPostgres;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/** Looks into the service's database from outside. */
public final class Database {
  public static final String NAME = "monitoring";

  private Database() {}

  public static Jdbi jdbi() {
    return Jdbi.create(EmbeddedPostgres.shared().superuserUrl(NAME));
  }

  public static long count(String sql, Object... arguments) {
    return jdbi()
        .withHandle(
            handle -> {
              var query = handle.createQuery(sql);
              for (int i = 0; i < arguments.length; i++) {
                query.bind(i, arguments[i]);
              }
              return query.mapTo(Long.class).one();
            });
  }

  public static List<Map<String, Object>> rows(String sql) {
    return jdbi().withHandle(handle -> handle.createQuery(sql).mapToMap().list());
  }

  /** Nobody gets in, and whoever is in is thrown out. */
  public static void away() {
    EmbeddedPostgres.shared()
        .execute("postgres", "alter database " + NAME + " allow_connections false");
    EmbeddedPostgres.shared()
        .execute(
            "postgres",
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = '"
                + NAME
                + "'");
  }

  public static void back() {
    EmbeddedPostgres.shared()
        .execute("postgres", "alter database " + NAME + " allow_connections true");
  }
}
