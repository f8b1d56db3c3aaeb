package io.whimbrel.executor.schema;

import io.whimbrel.event.TableName;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;
import org.pgcodekeeper.core.api.PgCodeKeeperApi;
import org.pgcodekeeper.core.model.difftree.DbObjType;
import org.pgcodekeeper.core.model.difftree.DiffTree;
import org.pgcodekeeper.core.model.difftree.TreeElement;
import org.pgcodekeeper.core.schema.AbstractConstraint;
import org.pgcodekeeper.core.schema.PgStatement;
import org.pgcodekeeper.core.schema.pg.PgConstraintFk;
import org.pgcodekeeper.core.settings.CoreSettings;

/**
 * The statements that turn one structure into another. Structure only: a renamed column is dropped
 * and added, so whoever runs the script on data must bring the contents back as well.
 */
public final class SchemaDiff {
  private SchemaDiff() {}

  /** The whole difference; empty if there is none. */
  public static String script(SchemaSnapshot from, SchemaSnapshot to) throws SchemaUnreadable {
    return script(from, to, element -> true);
  }

  /** What of the tables belongs to a difference; what is not a table's always does. */
  public interface Selection {
    boolean table(TableName table);

    boolean constraint(TableName table, String constraint);
  }

  /** The selected part of the difference, without any foreign key. */
  public static String scriptWithoutForeignKeys(
      SchemaSnapshot from, SchemaSnapshot to, Selection selection) throws SchemaUnreadable {
    return script(from, to, element -> wanted(element, from, to, selection));
  }

  private static boolean wanted(
      TreeElement element, SchemaSnapshot from, SchemaSnapshot to, Selection selection) {
    if (!ofTable(element)) {
      return true;
    }
    PgStatement statement = element.getPgStatementSide(from.model(), to.model());
    TableName table = table(element);
    boolean left =
        statement instanceof PgConstraintFk
            || (statement instanceof AbstractConstraint
                && !selection.constraint(table, element.getName()));
    return !left && selection.table(table);
  }

  private static String script(
      SchemaSnapshot from, SchemaSnapshot to, Predicate<TreeElement> wanted)
      throws SchemaUnreadable {
    CoreSettings settings = SchemaSnapshot.settings();
    try {
      TreeElement tree = DiffTree.create(settings, from.model(), to.model());
      tree.setAllChecked();
      select(tree, wanted);
      return PgCodeKeeperApi.diff(
          settings, tree, from.model(), to.model(), List.of(), List.of(), List.of());
    } catch (IOException e) {
      throw new SchemaUnreadable("the schemas cannot be compared: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SchemaUnreadable("interrupted while comparing schemas", e);
    }
  }

  private static void select(TreeElement element, Predicate<TreeElement> wanted) {
    boolean bookkeeping =
        ofTable(element) && table(element).name().equals(SchemaSnapshot.HISTORY_TABLE);
    if (element.getType() != DbObjType.DATABASE && (bookkeeping || !wanted.test(element))) {
      element.setSelected(false);
    }
    element.getChildren().forEach(child -> select(child, wanted));
  }

  /** Whether the element is a table or belongs to one. */
  private static boolean ofTable(TreeElement element) {
    return element.getType() == DbObjType.TABLE
        || (element.isSubElement() && element.getParent().getType() == DbObjType.TABLE);
  }

  private static TableName table(TreeElement element) {
    TreeElement table = element.isSubElement() ? element.getParent() : element;
    return new TableName(table.getParent().getName(), table.getName());
  }
}
