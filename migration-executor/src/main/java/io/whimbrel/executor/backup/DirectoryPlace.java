package io.whimbrel.executor.backup;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory that only its owner can read. It is written beside its place and moved there when
 * everything is on the disk: stopped half way, a directory {@code .partial} stays until the next
 * attempt.
 */
public record DirectoryPlace(Path path) implements BackupPlace {
  public DirectoryPlace {
    path = path.toAbsolutePath().normalize();
  }

  @Override
  public Draft begin() throws IOException {
    Path partial = BackupFiles.partial(path);
    BackupFiles.delete(partial);
    BackupFiles.createDirectory(partial);
    return new Partial(partial, path);
  }

  @Override
  public InputStream read(String file) throws IOException {
    return Files.newInputStream(path.resolve(file));
  }

  @Override
  public List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }

  @Override
  public void remove() throws IOException {
    Files.deleteIfExists(path.resolve(BackupFiles.MANIFEST));
    BackupFiles.delete(path);
    BackupFiles.delete(BackupFiles.partial(path));
  }

  @Override
  public String toString() {
    return path.toString();
  }

  private record Partial(Path partial, Path path) implements Draft {

    @Override
    public OutputStream create(String file) throws IOException {
      return BackupFiles.create(partial.resolve(file));
    }

    @Override
    public long room() throws IOException {
      return Files.getFileStore(partial).getUsableSpace();
    }

    @Override
    public void publish() throws IOException {
      BackupFiles.syncDirectory(partial);
      BackupFiles.delete(path);
      Files.move(partial, path, StandardCopyOption.ATOMIC_MOVE);
      Path parent = path.getParent();
      if (parent != null) {
        BackupFiles.syncDirectory(parent);
      }
    }

    @Override
    public void discard() {
      try {
        BackupFiles.delete(partial);
      } catch (IOException e) {
        // What made the backup fail matters more; the next attempt removes it.
      }
    }
  }
}
