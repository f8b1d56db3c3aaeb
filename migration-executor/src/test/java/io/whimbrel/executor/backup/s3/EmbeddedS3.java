package io.whimbrel.executor.backup.s3;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.gaul.s3proxy.AuthenticationType;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobApiMetadata;
import org.jclouds.ContextBuilder;
import org.jclouds.blobstore.BlobStoreContext;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** An S3-compatible store in this process, in memory, that checks who asks; with one bucket. */
public final class EmbeddedS3 implements AutoCloseable {
  public static final String KEY = "backup-writer";
  public static final String SECRET = "not-a-secret";

  private final BlobStoreContext context;
  private final S3Proxy server;
  private final S3Client client;
  private final String bucket = "backups-" + UUID.randomUUID();

  private EmbeddedS3() throws Exception {
    context =
        ContextBuilder.newBuilder(new TransientNio2BlobApiMetadata())
            .credentials("unused", "unused")
            .build(BlobStoreContext.class);
    server =
        S3Proxy.builder()
            .blobStore(context.getBlobStore())
            .awsAuthentication(AuthenticationType.AWS_V4, KEY, SECRET)
            .endpoint(URI.create("http://127.0.0.1:0"))
            .ignoreUnknownHeaders(true)
            .build();
    server.start();
    client =
        S3Client.builder()
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .endpointOverride(endpoint())
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .credentialsProvider(credentials(KEY, SECRET))
            .build();
    client.createBucket(create -> create.bucket(bucket));
  }

  public static EmbeddedS3 start() {
    try {
      return new EmbeddedS3();
    } catch (Exception e) {
      throw new IllegalStateException("no S3 to test with", e);
    }
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getPort());
  }

  public String bucket() {
    return bucket;
  }

  /** The bucket as the executor sees it. */
  public S3Store store() {
    return store(bucket, endpoint(), credentials(KEY, SECRET));
  }

  /** The bucket as someone sees it whom the store does not know. */
  public S3Store storeFor(String stranger) {
    return store(bucket, endpoint(), credentials(stranger, SECRET));
  }

  static S3Store store(String bucket, URI endpoint, AwsCredentialsProvider credentials) {
    return new S3Store(
        S3Settings.of(
            bucket,
            Optional.of("of-tests"),
            Optional.of(endpoint),
            Optional.empty(),
            Optional.empty(),
            Optional.of((long) S3Settings.SMALLEST_PART)),
        credentials);
  }

  static AwsCredentialsProvider credentials(String key, String secret) {
    return StaticCredentialsProvider.create(AwsBasicCredentials.create(key, secret));
  }

  /** Keys of objects. */
  public List<String> keys() {
    return client.listObjectsV2(list -> list.bucket(bucket)).contents().stream()
        .map(S3Object::key)
        .toList();
  }

  /** How many uploads are begun and not ended. */
  public int uploads() {
    return client.listMultipartUploads(list -> list.bucket(bucket)).uploads().size();
  }

  public byte[] get(String key) {
    return client.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asByteArray();
  }

  public void put(String key, byte[] content) {
    client.putObject(put -> put.bucket(bucket).key(key), RequestBody.fromBytes(content));
  }

  public void delete(String key) {
    client.deleteObject(delete -> delete.bucket(bucket).key(key));
  }

  @Override
  public void close() {
    client.close();
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    } finally {
      context.close();
    }
  }
}
