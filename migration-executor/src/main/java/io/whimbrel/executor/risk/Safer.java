package io.whimbrel.executor.risk;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.rehearsal.facts.ColumnState;
import io.whimbrel.executor.rehearsal.facts.ConstraintState;
import io.whimbrel.executor.rehearsal.facts.IndexState;
import io.whimbrel.executor.schema.Quoted;
import org.jspecify.annotations.Nullable;

/**
 * Scripts that come to the same and hold nobody up, made of what PostgreSQL says of the things that
 * were made. A blank line stands between two migrations: what is in one may share a transaction.
 */
final class Safer {
  private static final String CREATE_INDEX = "CREATE INDEX ";
  private static final String CREATE_UNIQUE_INDEX = "CREATE UNIQUE INDEX ";

  private Safer() {}

  /** The index, built while others write; null for one of a partitioned table. */
  static @Nullable String index(IndexState index) {
    String definition = index.definition();
    String table = " ON ONLY ";
    if (definition.contains(table)) {
      return null;
    }
    return definition.startsWith(CREATE_UNIQUE_INDEX)
        ? CREATE_UNIQUE_INDEX
            + "CONCURRENTLY "
            + definition.substring(CREATE_UNIQUE_INDEX.length())
            + ";\n"
        : CREATE_INDEX + "CONCURRENTLY " + definition.substring(CREATE_INDEX.length()) + ";\n";
  }

  static @Nullable String constraintByIndex(ConstraintState constraint, IndexState index) {
    String built = index(index);
    return built == null
        ? null
        : built
            + "\nALTER TABLE "
            + Quoted.table(constraint.table())
            + " ADD CONSTRAINT "
            + Quoted.name(constraint.name())
            + (index.primary() ? " PRIMARY KEY" : " UNIQUE")
            + " USING INDEX "
            + Quoted.name(index.name())
            + ";\n";
  }

  static String dropIndex(IndexState index) {
    return "DROP INDEX CONCURRENTLY "
        + Quoted.table(new TableName(index.table().schema(), index.name()))
        + ";\n";
  }

  static String reindex(TableName table, String index) {
    return "REINDEX INDEX CONCURRENTLY "
        + Quoted.table(new TableName(table.schema(), index))
        + ";\n";
  }

  /** First for new rows only, then for those that are there. */
  static String constraintInTwoSteps(ConstraintState constraint) {
    String table = Quoted.table(constraint.table());
    String name = Quoted.name(constraint.name());
    return "ALTER TABLE %s ADD CONSTRAINT %s %s NOT VALID;\n\n"
            .formatted(table, name, constraint.definition())
        + "ALTER TABLE %s VALIDATE CONSTRAINT %s;\n".formatted(table, name);
  }

  static String notNull(ColumnState column) {
    return notNull(Quoted.table(column.table()), column.name());
  }

  private static String notNull(String table, String column) {
    String name = Quoted.name(column);
    String check = Quoted.name(column + "_is_not_null");
    return """
    ALTER TABLE %1$s ADD CONSTRAINT %3$s CHECK (%2$s IS NOT NULL) NOT VALID;

    ALTER TABLE %1$s VALIDATE CONSTRAINT %3$s;

    ALTER TABLE %1$s ALTER COLUMN %2$s SET NOT NULL;
    ALTER TABLE %1$s DROP CONSTRAINT %3$s;
    """
        .formatted(table, name, check);
  }

  /**
   * A new column beside the old one, kept in step by a trigger until the old one goes; null if
   * PostgreSQL gives the column its values.
   */
  static @Nullable String expandAndContract(ColumnState before, ColumnState after) {
    if (after.generated() != null || after.identity() != null) {
      return null;
    }
    String table = Quoted.table(after.table());
    String next = before.name().equals(after.name()) ? after.name() + "_new" : after.name();
    String step = after.table().name() + "_" + next + "_follows";
    return """
    -- expand: a column beside it, which a trigger keeps in step
    ALTER TABLE %1$s ADD COLUMN %3$s %4$s;
    CREATE FUNCTION %5$s() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      NEW.%3$s := NEW.%2$s;
      RETURN NEW;
    END $$;
    CREATE TRIGGER %6$s BEFORE INSERT OR UPDATE ON %1$s
      FOR EACH ROW EXECUTE FUNCTION %5$s();

    -- whimbrel:batch table=%1$s key=THE_PRIMARY_KEY
    UPDATE %1$s SET %3$s = %2$s WHERE %3$s IS DISTINCT FROM %2$s;

    %7$s-- contract: once no program uses the old column any more, and its indexes, keys and checks have
    -- been made for the new one
    DROP TRIGGER %6$s ON %1$s;
    DROP FUNCTION %5$s();
    ALTER TABLE %1$s DROP COLUMN %2$s;
    """
        .formatted(
            table,
            Quoted.name(before.name()),
            Quoted.name(next),
            after.type(),
            Quoted.table(new TableName(after.table().schema(), step)),
            Quoted.name(step),
            demands(table, next, after));
  }

  /** What the column had beside its type. */
  private static String demands(String table, String name, ColumnState after) {
    String value = after.defaultValue();
    return (value == null
            ? ""
            : "ALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s;\n\n"
                .formatted(table, Quoted.name(name), value))
        + (after.notNull() ? notNull(table, name) + "\n" : "");
  }

  static String renamedTable(TableName before, TableName after) {
    return """
    -- with a view by the old name, which programs may read and write until they know the new one
    ALTER TABLE %1$s RENAME TO %3$s;
    CREATE VIEW %1$s AS SELECT * FROM %2$s;

    -- once no program uses the old name any more
    DROP VIEW %1$s;
    """
        .formatted(Quoted.table(before), Quoted.table(after), Quoted.name(after.name()));
  }

  /** The constant or the expression apart from the column, so that nothing is rewritten. */
  static String defaultLater(ColumnState column) {
    String table = Quoted.table(column.table());
    String name = Quoted.name(column.name());
    return """
    ALTER TABLE %1$s ADD COLUMN %2$s %3$s;
    ALTER TABLE %1$s ALTER COLUMN %2$s SET DEFAULT %4$s;

    -- whimbrel:batch table=%1$s key=THE_PRIMARY_KEY
    UPDATE %1$s SET %2$s = DEFAULT WHERE %2$s IS NULL;
    """
        .formatted(table, name, column.type(), column.defaultValue());
  }

  static String refresh(TableName view) {
    return "REFRESH MATERIALIZED VIEW CONCURRENTLY " + Quoted.table(view) + ";\n";
  }

  static String detach(TableName parent, TableName partition) {
    return ("-- leaves a check on the partition that says what its bounds said; drop it if it is in"
            + " the way\n"
            + "ALTER TABLE %s DETACH PARTITION %s CONCURRENTLY;\n")
        .formatted(Quoted.table(parent), Quoted.table(partition));
  }
}
