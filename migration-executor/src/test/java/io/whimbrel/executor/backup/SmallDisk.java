package io.whimbrel.executor.backup;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * A real place on a disk that runs full.
 *
 * @param bytes that each file may have
 * @param free what the disk says is free before
 */
record SmallDisk(BackupPlace place, long bytes, long free) implements BackupPlace {

  @Override
  public Draft begin() throws IOException {
    Draft draft = place.begin();
    return new Draft() {
      @Override
      public OutputStream create(String file) throws IOException {
        return new Limited(draft.create(file), bytes);
      }

      @Override
      public long room() {
        return free;
      }

      @Override
      public void publish() throws IOException {
        draft.publish();
      }

      @Override
      public void discard() {
        draft.discard();
      }
    };
  }

  @Override
  public InputStream read(String file) throws IOException {
    return place.read(file);
  }

  @Override
  public List<String> files() throws IOException {
    return place.files();
  }

  @Override
  public void remove() throws IOException {
    place.remove();
  }

  private static final class Limited extends FilterOutputStream {
    private long left;

    Limited(OutputStream out, long left) {
      super(out);
      this.left = left;
    }

    @Override
    public void write(byte[] data, int from, int length) throws IOException {
      left -= length;
      if (left < 0) {
        throw new IOException("No space left on device");
      }
      out.write(data, from, length);
    }
  }
}
