package io.whimbrel.gateway.support;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;

/** Many readers of one stream, on one thread. */
public final class ManyReaders implements AutoCloseable {
  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);

  /** What a reader has got; of a long answer the end. */
  private static final class Got {
    private static final int MOST = 2_000;
    private final StringBuilder text = new StringBuilder();

    void add(String more) {
      text.append(more);
      text.delete(0, Math.max(0, text.length() - MOST));
    }
  }

  public ManyReaders(int count, URI stream, String token) throws IOException {
    selector = Selector.open();
    byte[] request =
        ("GET %s HTTP/1.1\r\nHost: gateway\r\nAccept: text/event-stream\r\nAuthorization: Bearer"
                + " %s\r\n\r\n")
            .formatted(stream.getRawPath(), token)
            .getBytes(US_ASCII);
    for (int i = 0; i < count; i++) {
      SocketChannel channel =
          SocketChannel.open(new InetSocketAddress(stream.getHost(), stream.getPort()));
      channel.write(ByteBuffer.wrap(request));
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, new Got());
    }
  }

  /** Reads until every one has got the text, or the time is up; how many have got it. */
  public long await(String text, Duration atMost) throws IOException {
    Predicate<SelectionKey> has = key -> ((Got) key.attachment()).text.indexOf(text) >= 0;
    Instant end = Instant.now().plus(atMost);
    while (Instant.now().isBefore(end) && !selector.keys().stream().allMatch(has)) {
      selector.select(key -> read(key), 100);
    }
    return selector.keys().stream().filter(has).count();
  }

  private void read(SelectionKey key) {
    try {
      buffer.clear();
      int length = ((SocketChannel) key.channel()).read(buffer);
      if (length < 0) {
        key.cancel();
      } else {
        ((Got) key.attachment()).add(new String(buffer.array(), 0, length, US_ASCII));
      }
    } catch (IOException gone) {
      key.cancel();
    }
  }

  @Override
  public void close() throws IOException {
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}
