package io.whimbrel.executor.run;

import com.github.luben.zstd.Zstd;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;

/**
 * The texts of scripts that runs have planned, by script and checksum. They serve messages only: a
 * text that is missing costs the user a look into version control.
 */
@ApplicationScoped
public class ScriptTexts {

  /** Characters of the longest text that is kept. */
  public static final int LONGEST = 1 << 18;

  private static final int REMEMBERED = 20_000;

  private final Jdbi jdbi;

  /** What is there already, so that many targets with the same scripts cost one look. */
  private final Set<Key> kept =
      Collections.synchronizedSet(Collections.newSetFromMap(new Recent()));

  ScriptTexts(DataSource dataSource) {
    this.jdbi = Jdbi.create(dataSource);
  }

  /** What a text is known by. */
  public record Key(String script, int checksum) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int order = script.compareTo(other.script);
      return order == 0 ? Integer.compare(checksum, other.checksum) : order;
    }
  }

  public boolean has(Key key) {
    return kept.contains(key);
  }

  /** Keeps texts, in a transaction that may be lost if the server of the control database dies. */
  @Transactional(Transactional.TxType.REQUIRES_NEW)
  public void keep(Map<Key, String> texts) {
    // In one order, so that two that keep the same do not wait for each other in a circle.
    List<Map.Entry<Key, String>> sorted = List.copyOf(new TreeMap<>(texts).entrySet());
    jdbi.useHandle(
        handle -> {
          handle.execute("set local synchronous_commit = off");
          var batch =
              handle.prepareBatch(
                  "insert into script_text (script, checksum, text)"
                      + " values (:script, :checksum, :text) on conflict do nothing");
          for (Map.Entry<Key, String> entry : sorted) {
            batch
                .bind("script", entry.getKey().script())
                .bind("checksum", entry.getKey().checksum())
                .bind("text", Zstd.compress(entry.getValue().getBytes(StandardCharsets.UTF_8)))
                .add();
          }
          batch.execute();
        });
    kept.addAll(texts.keySet());
  }

  @Transactional
  public Optional<String> find(Key key) {
    return jdbi.withHandle(
        handle ->
            handle
                .createQuery(
                    "select text from script_text where script = :script and checksum = :checksum")
                .bind("script", key.script())
                .bind("checksum", key.checksum())
                .mapTo(byte[].class)
                .findOne()
                .map(ScriptTexts::text));
  }

  private static String text(byte[] compressed) {
    int length = Math.toIntExact(Zstd.getFrameContentSize(compressed));
    return new String(Zstd.decompress(compressed, length), StandardCharsets.UTF_8);
  }

  private static final class Recent extends LinkedHashMap<Key, Boolean> {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Key, Boolean> eldest) {
      return size() > REMEMBERED;
    }
  }
}
