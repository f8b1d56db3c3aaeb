package io.whimbrel.executor.backup.s3;

import io.whimbrel.executor.backup.BackupPlace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects of a bucket whose keys begin alike. Without the manifest, which is written last, they are
 * no backup; stopped half way, they stay until they are removed as what is left of an attempt.
 *
 * @param prefix ends with a slash
 * @param partSize of an upload, in bytes
 */
record S3Place(S3Client client, String bucket, String prefix, int partSize, S3Errors errors)
    implements BackupPlace {
  private static final Logger LOG = Logger.getLogger(S3Place.class);

  @Override
  public Draft begin() throws IOException {
    remove();
    return new Objects(this);
  }

  @Override
  public InputStream read(String file) throws IOException {
    return S3Download.of(client, bucket, prefix + file, errors);
  }

  @Override
  public List<String> files() throws IOException {
    return keys().stream().map(key -> key.substring(prefix.length())).toList();
  }

  @Override
  public void remove() throws IOException {
    abortUploads();
    List<String> keys = keys();
    if (keys.contains(prefix + MANIFEST)) {
      delete(prefix + MANIFEST);
    }
    for (String key : keys) {
      delete(key);
    }
  }

  @Override
  public String toString() {
    return "s3://" + bucket + "/" + prefix;
  }

  private List<String> keys() throws IOException {
    return errors.asking(
        prefix,
        () ->
            client
                .listObjectsV2Paginator(list -> list.bucket(bucket).prefix(prefix))
                .contents()
                .stream()
                .map(S3Object::key)
                .toList());
  }

  private void delete(String key) throws IOException {
    errors.asking(key, () -> client.deleteObject(delete -> delete.bucket(bucket).key(key)));
  }

  /** What was begun and not ended takes room, and no list of objects shows it. */
  private void abortUploads() throws IOException {
    List<MultipartUpload> begun =
        errors.asking(
            prefix,
            () ->
                client
                    .listMultipartUploadsPaginator(list -> list.bucket(bucket).prefix(prefix))
                    .uploads()
                    .stream()
                    .toList());
    for (MultipartUpload upload : begun) {
      errors.asking(
          upload.key(),
          () ->
              client.abortMultipartUpload(
                  abort -> abort.bucket(bucket).key(upload.key()).uploadId(upload.uploadId())));
    }
  }

  private record Objects(S3Place place) implements Draft {

    @Override
    public OutputStream create(String file) {
      return new S3Upload(
          place.client, place.bucket, place.prefix + file, place.partSize, place.errors);
    }

    /** A bucket has no size. */
    @Override
    public long room() {
      return Long.MAX_VALUE;
    }

    @Override
    public void publish() {
      // The manifest is there, and it was the last.
    }

    @Override
    public void discard() {
      try {
        place.remove();
      } catch (IOException e) {
        LOG.warnf(
            "What was written to %s stays until the run has ended: %s", place, e.getMessage());
      }
    }
  }
}
