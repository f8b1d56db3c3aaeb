package io.whimbrel.executor.backup.s3;

import io.whimbrel.executor.backup.StoreUnavailable;
import java.io.IOException;
import java.io.InputStream;
import org.jboss.logging.Logger;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * An object that is read as a stream. A load may pause longer than a store keeps a connection, so
 * one that breaks is opened anew where it broke, of the same object; it gives up when that brings
 * nothing several times in a row.
 */
final class S3Download extends InputStream {
  private static final Logger LOG = Logger.getLogger(S3Download.class);
  private static final int ATTEMPTS = 5;

  private final S3Client client;
  private final String bucket;
  private final String key;
  private final S3Errors errors;
  private ResponseInputStream<GetObjectResponse> in;
  private final String tag;
  private final long length;
  private long position;
  private int broken;

  private S3Download(
      S3Client client,
      String bucket,
      String key,
      S3Errors errors,
      ResponseInputStream<GetObjectResponse> in,
      long length) {
    this.client = client;
    this.bucket = bucket;
    this.key = key;
    this.errors = errors;
    this.in = in;
    this.tag = in.response().eTag();
    this.length = length;
  }

  static S3Download of(S3Client client, String bucket, String key, S3Errors errors)
      throws IOException {
    ResponseInputStream<GetObjectResponse> in =
        errors.reading(key, () -> client.getObject(get -> get.bucket(bucket).key(key)));
    Long length = in.response().contentLength();
    if (length == null) {
      in.abort();
      throw new IOException("the store does not say how long s3://" + bucket + "/" + key + " is");
    }
    return new S3Download(client, bucket, key, errors, in, length);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] data, int from, int wanted) throws IOException {
    while (position < length) {
      IOException why;
      try {
        int read = in.read(data, from, wanted);
        if (read >= 0) {
          position += read;
          broken = 0;
          return read;
        }
        why = new IOException("it ended after " + position + " of " + length + " bytes");
      } catch (IOException e) {
        why = e;
      }
      reopen(why);
    }
    return -1;
  }

  private void reopen(IOException why) throws IOException {
    broken++;
    if (broken == ATTEMPTS) {
      throw new StoreUnavailable(
          "reading s3://%s/%s broke off %d times at byte %d: %s"
              .formatted(bucket, key, broken, position, why.getMessage()),
          why);
    }
    LOG.debugf("Reading %s broke off at %d: %s", key, position, why.getMessage());
    in.abort();
    in =
        errors.reading(
            key,
            () ->
                client.getObject(
                    get ->
                        get.bucket(bucket).key(key).ifMatch(tag).range("bytes=" + position + "-")));
  }

  @Override
  public void close() throws IOException {
    if (position < length) {
      in.abort();
    } else {
      in.close();
    }
  }
}
