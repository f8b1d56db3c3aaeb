package io.whimbrel.executor.backup.s3;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which bucket, and where it is. What cannot be right is refused, with the name of the variable.
 *
 * @param prefix what the keys of all backups begin with, a folder as it were; may be empty
 * @param endpoint null for AWS
 * @param region null if the SDK finds it
 * @param pathStyle whether the bucket is named in the path, not in the host name
 * @param partSize bytes that are held and sent at a time, for each table that is being copied
 */
public record S3Settings(
    String bucket,
    String prefix,
    @Nullable URI endpoint,
    @Nullable String region,
    boolean pathStyle,
    int partSize) {
  public static final String BUCKET = "MIGRATION_BACKUP_S3_BUCKET";
  public static final String PREFIX = "MIGRATION_BACKUP_S3_PREFIX";
  public static final String ENDPOINT = "MIGRATION_BACKUP_S3_ENDPOINT";
  public static final String REGION = "MIGRATION_BACKUP_S3_REGION";
  public static final String PATH_STYLE = "MIGRATION_BACKUP_S3_PATH_STYLE";
  public static final String PART_SIZE = "MIGRATION_BACKUP_S3_PART_SIZE";

  private static final int MEGABYTE = 1 << 20;

  /** The least that S3 allows for a part that is not the last. */
  static final int SMALLEST_PART = 5 * MEGABYTE;

  private static final int LARGEST_PART = 64 * MEGABYTE;
  private static final int USUAL_PART = 16 * MEGABYTE;

  public S3Settings {
    if (!bucket.matches("[A-Za-z0-9][A-Za-z0-9._-]{2,254}")) {
      throw new IllegalArgumentException(
          BUCKET
              + " is not the name of a bucket: "
              + bucket
              + "; give the name alone, and a folder in it as "
              + PREFIX);
    }
    if (prefix.startsWith("/") || prefix.contains("//")) {
      throw new IllegalArgumentException(
          PREFIX + " has an empty part: " + prefix + "; give it as backups/orders");
    }
    if (endpoint != null && !isAddress(endpoint)) {
      throw new IllegalArgumentException(
          ENDPOINT + " is not an address: " + endpoint + "; give it as https://HOST:PORT");
    }
    if (partSize < SMALLEST_PART || partSize > LARGEST_PART) {
      throw new IllegalArgumentException(
          PART_SIZE + " has to be from 5M to 64M, and is " + partSize + " bytes");
    }
    prefix = prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/";
  }

  /** The same with what is usual where nothing is said. */
  public static S3Settings of(
      String bucket,
      Optional<String> prefix,
      Optional<URI> endpoint,
      Optional<String> region,
      Optional<Boolean> pathStyle,
      Optional<Long> partSize) {
    return new S3Settings(
        bucket,
        prefix.orElse(""),
        endpoint.orElse(null),
        region.orElse(null),
        pathStyle.orElse(endpoint.isPresent()),
        partSize.map(size -> (int) Math.min(size, Integer.MAX_VALUE)).orElse(USUAL_PART));
  }

  private static boolean isAddress(URI endpoint) {
    return endpoint.getScheme() != null
        && Set.of("http", "https").contains(endpoint.getScheme().toLowerCase(Locale.ROOT))
        && endpoint.getHost() != null;
  }
}
