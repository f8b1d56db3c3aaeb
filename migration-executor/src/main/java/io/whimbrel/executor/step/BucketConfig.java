package io.whimbrel.executor.step;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import java.net.URI;
import java.util.Optional;
import java.util.stream.Stream;

/** A bucket of an S3-compatible store that backups are kept in instead of a directory. */
@ConfigMapping(prefix = "migration.backup.s3")
public interface BucketConfig {

  /** The name of the bucket; without it, backups are kept in the directory. */
  Optional<String> bucket();

  /** What the keys of all backups begin with. */
  Optional<String> prefix();

  /** Where the store is; without it, at AWS. */
  Optional<URI> endpoint();

  /** The region; without it, as the AWS SDK finds it. */
  Optional<String> region();

  /** Whether the bucket is named in the path, not in the host; without it, at an endpoint it is. */
  Optional<Boolean> pathStyle();

  /** What is held in memory and sent at a time, for each table that is being copied. */
  Optional<MemorySize> partSize();

  /** Whether anything is said of a bucket. */
  default boolean given() {
    return Stream.of(prefix(), endpoint(), region(), pathStyle(), partSize())
        .anyMatch(Optional::isPresent);
  }
}
