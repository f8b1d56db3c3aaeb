package io.whimbrel.executor.backup;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;

/** A file whose contents are on the disk once it is closed. */
final class SyncedOutputStream extends FilterOutputStream {
  private final FileChannel channel;

  SyncedOutputStream(FileChannel channel) {
    super(Channels.newOutputStream(channel));
    this.channel = channel;
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    out.write(bytes, from, length);
  }

  @Override
  public void close() throws IOException {
    try (OutputStream closing = out) {
      if (channel.isOpen()) {
        closing.flush();
        channel.force(true);
      }
    }
  }
}
