package io.whimbrel.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The programs of a PostgreSQL, unpacked once into this module's build directory. Two JVMs that
 * need them at the same time wait for each other; a half-unpacked directory never gets the final
 * name.
 */
enum PostgresBinaries {
  /** What Whimbrel itself runs on. */
  NEWEST("postgresql"),
  /** The oldest that targets may have; its archive is beside the class path, not on it. */
  OLDEST("postgresql-15");

  private static final String ARCHIVE = "postgres-linux-x86_64.txz";

  private final String directory;

  PostgresBinaries(String directory) {
    this.directory = directory;
  }

  /** The directory with {@code bin}, {@code lib} and {@code share}. */
  synchronized Path unpacked() {
    Path parent = Directories.create(Layout.target());
    Path home = parent.resolve(directory);
    if (Files.isDirectory(home)) {
      return home;
    }
    try (FileChannel channel =
            FileChannel.open(
                parent.resolve(directory + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      if (lock.isValid() && !Files.isDirectory(home)) {
        Path draft = Files.createTempDirectory(parent, directory + "-draft-");
        Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rwxr-xr-x"));
        unpack(draft);
        Files.move(draft, home, StandardCopyOption.ATOMIC_MOVE);
      }
      return home;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot unpack PostgreSQL", e);
    }
  }

  private void unpack(Path home) throws IOException {
    if (this == NEWEST) {
      try (InputStream archive = PostgresBinaries.class.getResourceAsStream("/" + ARCHIVE)) {
        unpack(home, archive);
      }
      return;
    }
    Path jar = Layout.target().resolve("archives").resolve(directory + ".jar");
    try (ZipFile zip = new ZipFile(jar.toFile());
        InputStream archive = zip.getInputStream(new ZipEntry(ARCHIVE))) {
      unpack(home, archive);
    }
  }

  private static void unpack(Path home, @Nullable InputStream archive) throws IOException {
    if (archive == null) {
      throw new IllegalStateException(
          "The embedded PostgreSQL runs on Linux on x86-64; " + ARCHIVE + " is missing");
    }
    TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(archive));
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      write(home, entry, tar);
    }
  }

  private static void write(Path home, TarArchiveEntry entry, InputStream content)
      throws IOException {
    Path path = home.resolve(entry.getName()).normalize();
    if (!path.startsWith(home)) {
      throw new IOException("Entry outside the archive: " + entry.getName());
    }
    if (entry.isDirectory()) {
      Files.createDirectories(path);
      return;
    }
    Files.createDirectories(path.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
    } else {
      Files.copy(content, path);
      if ((entry.getMode() & 0100) != 0) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
  }
}
