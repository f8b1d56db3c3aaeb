package io.whimbrel.executor.apply;

import io.whimbrel.executor.apply.Message.Part;
import io.whimbrel.executor.catalog.Statement;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells who is concerned what is seen of the statements that were sent together while they run.
 * Several may have the same text; then the first of them that may still run is named.
 */
final class Attention implements SessionWatch.Observer {

  private final Application application;
  private final List<Part> sent;
  private int at;
  private double furthest;

  /**
   * @param sent empty if it is nothing that has a number
   */
  Attention(Application application, List<Part> sent) {
    this.application = application;
    this.sent = sent;
  }

  @Override
  public void blocked(List<Blocker> blockers) {
    application.listener().waiting(blockers);
  }

  @Override
  public void running(StatementProgress progress) {
    for (int i = at; i < sent.size(); i++) {
      Statement statement = sent.get(i).statement();
      if (statement != null && isText(sent.get(i).sql(), progress.query())) {
        furthest = i == at ? Math.max(furthest, progress.part()) : progress.part();
        at = i;
        tell(sent.get(i).of(), statement, progress.phase());
        return;
      }
    }
  }

  private void tell(Application of, Statement statement, @Nullable String phase) {
    of.listener()
        .running(
            statement.number(),
            of.script().count(),
            furthest,
            Objects.requireNonNullElse(phase, ""));
  }

  // The server keeps the beginning of a text, and may have cut a character in two.
  private static boolean isText(String sql, String seen) {
    int kept = Math.max(1, seen.length() - 1);
    return sql.equals(seen)
        || (sql.length() > kept && kept > 100 && sql.startsWith(seen.substring(0, kept)));
  }
}
