package io.whimbrel.executor.plan.document;

import io.whimbrel.event.TableName;
import io.whimbrel.executor.rehearsal.facts.Change;
import io.whimbrel.executor.rehearsal.facts.Changes;
import io.whimbrel.executor.rehearsal.facts.ColumnState;
import io.whimbrel.executor.rehearsal.facts.ConstraintState;
import io.whimbrel.executor.rehearsal.facts.IndexState;
import io.whimbrel.executor.rehearsal.facts.OtherState;
import io.whimbrel.executor.rehearsal.facts.RelationState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a statement created, altered and dropped, in words. What comes with a new table is not told
 * beside it.
 */
final class ChangedObjects {
  private final Changes changes;
  private final Set<TableName> fresh;

  private ChangedObjects(Changes changes) {
    this.changes = changes;
    this.fresh =
        changes.relations().stream()
            .filter(Change::created)
            .map(change -> change.is().name())
            .collect(Collectors.toSet());
  }

  /** One short sentence without an end for each; safe in Markdown. */
  static List<String> words(Changes changes) {
    return new ChangedObjects(changes).words();
  }

  private List<String> words() {
    List<String> words = new ArrayList<>();
    changes.relations().stream()
        .filter(change -> !ownedByColumn(change))
        .forEach(change -> words.add(relation(change)));
    changes.columns().stream()
        .filter(change -> !change.created() || !fresh.contains(change.is().table()))
        .forEach(change -> words.add(column(change)));
    changes.indexes().stream()
        .filter(change -> !change.created())
        .forEach(change -> words.add(index(change)));
    changes.constraints().stream()
        .filter(change -> change.either().kind() != ConstraintState.Kind.NOT_NULL)
        .filter(change -> !change.created() || !fresh.contains(change.is().table()))
        .forEach(change -> words.add(constraint(change)));
    changes.others().forEach(change -> words.add(other(change)));
    return words;
  }

  /** Whether it is a sequence that was made with a table, for a column of it. */
  private boolean ownedByColumn(Change<RelationState> change) {
    return change.created()
        && change.is().kind() == RelationState.Kind.SEQUENCE
        && changes.relations().stream()
            .anyMatch(other -> other.created() && isTable(other.is().kind()));
  }

  private static boolean isTable(RelationState.Kind kind) {
    return kind == RelationState.Kind.TABLE || kind == RelationState.Kind.PARTITIONED_TABLE;
  }

  private static String relation(Change<RelationState> change) {
    RelationState either = change.either();
    String kind = Words.words(either.kind());
    if (change.created()) {
      return "creates " + kind + " " + Words.code(either.name());
    }
    if (change.dropped()) {
      return "drops " + kind + " " + Words.code(either.name());
    }
    return either.name().equals(change.is().name())
        ? "alters " + kind + " " + Words.code(either.name())
        : renames(either.name(), change.is().name());
  }

  private static String column(Change<ColumnState> change) {
    ColumnState either = change.either();
    String name = Words.code(either.table() + "." + either.name());
    if (change.created()) {
      return "adds " + name;
    }
    if (change.dropped()) {
      return "drops " + name;
    }
    ColumnState is = change.is();
    List<String> words = new ArrayList<>();
    if (!either.name().equals(is.name())) {
      words.add(renames(either.table() + "." + either.name(), is.name()));
    }
    if (!either.type().equals(is.type())) {
      words.add("makes " + name + " " + Words.code(is.type()));
    }
    if (either.notNull() != is.notNull()) {
      words.add((is.notNull() ? "forbids NULL in " : "allows NULL in ") + name);
    }
    if (!Objects.equals(either.defaultValue(), is.defaultValue())) {
      words.add(
          is.defaultValue() == null
              ? "takes the default of " + name + " away"
              : "changes the default of " + name);
    }
    return words.isEmpty() ? "alters " + name : String.join(", ", words);
  }

  private static String index(Change<IndexState> change) {
    IndexState was = change.was();
    if (change.dropped()) {
      return "drops index " + Words.code(was.name()) + " of " + Words.code(was.table());
    }
    return was.name().equals(change.is().name())
        ? "alters index " + Words.code(was.name())
        : renames(was.name(), change.is().name());
  }

  private static String constraint(Change<ConstraintState> change) {
    ConstraintState either = change.either();
    String name = Words.code(either.name()) + " of " + Words.code(either.table());
    if (change.created()) {
      return "adds constraint " + name + (either.validated() ? "" : ", not validated");
    }
    if (change.dropped()) {
      return "drops constraint " + name;
    }
    ConstraintState is = change.is();
    if (!either.name().equals(is.name())) {
      return renames(either.name(), is.name());
    }
    return (is.validated() && !either.validated() ? "validates " : "alters ")
        + "constraint "
        + name;
  }

  private static String other(Change<OtherState> change) {
    OtherState either = change.either();
    if (either.kind() == OtherState.Kind.GRANT) {
      return "changes the privileges on " + Words.code(either.name());
    }
    if (either.kind() == OtherState.Kind.COMMENT) {
      return (change.dropped() ? "removes the comment on " : "comments on ")
          + Words.code(either.name());
    }
    String verb = change.created() ? "creates " : change.dropped() ? "drops " : "alters ";
    return verb
        + Words.words(either.kind())
        + " "
        + Words.code(either.name())
        + (either.table() == null ? "" : " of " + Words.code(either.table()));
  }

  private static String renames(Object from, Object to) {
    return "renames " + Words.code(from) + " to " + Words.code(to);
  }
}
