package io.whimbrel.executor.backup.s3;

import io.whimbrel.executor.backup.BackupPlace;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** A process that writes an object larger than its memory, and reads it back. */
final class S3Copy {
  static final int MEGABYTES = 80;
  static final String HEAP = "-Xmx40m";

  private S3Copy() {}

  public static void main(String[] args) throws Exception {
    var credentials = EmbeddedS3.credentials(EmbeddedS3.KEY, EmbeddedS3.SECRET);
    try (S3Store store = EmbeddedS3.store(args[0], URI.create(args[1]), credentials)) {
      BackupPlace place = store.place("large/object");
      byte[] written = new byte[1 << 20];
      byte[] expected = new byte[1 << 20];
      Random random = new Random(7);
      try (OutputStream out = place.begin().create("file")) {
        for (int i = 0; i < MEGABYTES; i++) {
          random.nextBytes(written);
          out.write(written);
        }
      }
      random = new Random(7);
      try (InputStream in = place.read("file")) {
        for (int i = 0; i < MEGABYTES; i++) {
          random.nextBytes(expected);
          if (!Arrays.equals(in.readNBytes(expected.length), expected)) {
            throw new IllegalStateException("megabyte " + i + " is another");
          }
        }
      }
      place.remove();
    }
  }

  /** Its exit code, and what it said. */
  static String run(EmbeddedS3 s3) throws Exception {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                HEAP,
                "-cp",
                System.getProperty("java.class.path"),
                S3Copy.class.getName(),
                s3.bucket(),
                s3.endpoint().toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() + " " + said;
  }
}
