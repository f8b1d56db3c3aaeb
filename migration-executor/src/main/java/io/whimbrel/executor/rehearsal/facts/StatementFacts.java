package io.whimbrel.executor.rehearsal.facts;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.whimbrel.event.TableName;
import java.util.List;

/**
 * What PostgreSQL was seen to do for one statement. Nothing of its text is kept.
 *
 * @param number its place in the script, from 1
 * @param line in the script, from 1
 * @param count of how many statements in a row this tells, this one being the first; more than one
 *     where a script goes on and on in the same way
 * @param command what kind of statement it is, in PostgreSQL's words: ALTER TABLE, CREATE INDEX,
 *     UPDATE
 * @param inTransaction whether it runs in the transaction of its script
 * @param locksSeen whether its locks could be seen; not those of a statement that PostgreSQL
 *     refuses in a transaction
 * @param lockTimeoutMs how long it may wait for a lock, as set when it began; 0 is for ever
 * @param locks taken by it on what was there before the run, and not held by its transaction
 *     already; without what a reader or writer of rows takes on indexes
 * @param work over whole tables or indexes that were there before the run
 * @param writes tables whose rows it inserts, updates, deletes or merges, new ones included
 * @param truncated tables that were there before the run and that it emptied, by their names on the
 *     target
 * @param changes of the structure
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record StatementFacts(
    int number,
    int line,
    int count,
    String command,
    boolean inTransaction,
    boolean locksSeen,
    long lockTimeoutMs,
    List<LockTaken> locks,
    List<Work> work,
    List<Write> writes,
    List<TableName> truncated,
    Changes changes) {

  public StatementFacts {
    locks = locks == null ? List.of() : List.copyOf(locks);
    work = work == null ? List.of() : List.copyOf(work);
    writes = writes == null ? List.of() : List.copyOf(writes);
    truncated = truncated == null ? List.of() : List.copyOf(truncated);
    changes = changes == null ? Changes.NONE : changes;
  }
}
