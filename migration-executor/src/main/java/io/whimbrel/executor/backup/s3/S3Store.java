package io.whimbrel.executor.backup.s3;

import io.whimbrel.executor.backup.BackupPlace;
import io.whimbrel.executor.backup.BackupStore;
import java.io.IOException;
import java.net.URI;
import java.util.SortedSet;
import java.util.TreeSet;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * A bucket of an S3-compatible store. Nothing is asked of it before a backup is written or read;
 * credentials are looked for then, as the AWS SDK does: in the environment, in a profile, of the
 * machine. What the store refuses for a moment is asked again by the SDK.
 */
public final class S3Store implements BackupStore, AutoCloseable {
  /** Where no region matters, the SDK still wants one to sign with. */
  private static final Region SOME_REGION = Region.US_EAST_1;

  private final S3Settings settings;
  private final S3Client client;
  private final S3Errors errors;

  /**
   * A bucket.
   *
   * @throws IllegalArgumentException if no region is given and the SDK finds none
   */
  public S3Store(S3Settings settings) {
    this(settings, DefaultCredentialsProvider.builder().build());
  }

  S3Store(S3Settings settings, AwsCredentialsProvider credentials) {
    this.settings = settings;
    this.errors = new S3Errors(settings.bucket());
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .credentialsProvider(new NoCredentials.Telling(credentials))
            .forcePathStyle(settings.pathStyle())
            // Some stores know no other checksums than they ask for; ours are in the manifest.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    URI endpoint = settings.endpoint();
    if (endpoint != null) {
      builder.endpointOverride(endpoint);
    }
    if (settings.region() != null) {
      builder.region(Region.of(settings.region()));
    } else if (endpoint != null) {
      builder.region(SOME_REGION);
    }
    try {
      this.client = builder.build();
    } catch (SdkClientException e) {
      throw new IllegalArgumentException(
          "the bucket for backups has no region; give " + S3Settings.REGION + " or AWS_REGION", e);
    }
  }

  @Override
  public BackupPlace place(String name) {
    return new S3Place(
        client, settings.bucket(), settings.prefix() + name + "/", settings.partSize(), errors);
  }

  @Override
  public SortedSet<String> targets() throws IOException {
    return folders(settings.prefix());
  }

  @Override
  public SortedSet<String> names(String target) throws IOException {
    var names = new TreeSet<String>();
    folders(settings.prefix() + target + "/").forEach(name -> names.add(target + "/" + name));
    return names;
  }

  /** What is between this beginning and the next slash, in the keys of objects and of uploads. */
  private SortedSet<String> folders(String prefix) throws IOException {
    return errors.asking(
        prefix,
        () -> {
          var folders = new TreeSet<String>();
          client
              .listObjectsV2Paginator(
                  list -> list.bucket(settings.bucket()).prefix(prefix).delimiter("/"))
              .commonPrefixes()
              .stream()
              .map(CommonPrefix::prefix)
              .forEach(found -> folders.add(found.substring(prefix.length(), found.length() - 1)));
          client
              .listMultipartUploadsPaginator(list -> list.bucket(settings.bucket()).prefix(prefix))
              .uploads()
              .stream()
              .map(MultipartUpload::key)
              .filter(key -> key.indexOf('/', prefix.length()) > 0)
              .forEach(
                  key ->
                      folders.add(
                          key.substring(prefix.length(), key.indexOf('/', prefix.length()))));
          return folders;
        });
  }

  @Override
  public void close() {
    client.close();
  }
}
