package io.whimbrel.executor.backup.s3;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * An object that is written as a stream. What fits into one part is put as it is; what does not is
 * uploaded part by part, so that memory holds one part whatever the size. Parts are of one size,
 * which some stores demand. The object is there once the stream is closed; after a failure it never
 * is, and who discards the place aborts what was begun.
 */
final class S3Upload extends OutputStream {
  private static final int MOST_PARTS = 10_000;
  private static final int CHUNK = 1 << 16;

  private final S3Client client;
  private final String bucket;
  private final String key;
  private final S3Errors errors;
  private final List<CompletedPart> parts = new ArrayList<>();
  private final int partSize;

  /** The part so far, in pieces: a small file takes little memory, and a part no large array. */
  private final List<byte[]> chunks = new ArrayList<>();

  private int filled;
  private @Nullable String upload;
  private boolean closed;

  S3Upload(S3Client client, String bucket, String key, int partSize, S3Errors errors) {
    this.client = client;
    this.bucket = bucket;
    this.key = key;
    this.partSize = partSize;
    this.errors = errors;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] data, int from, int length) throws IOException {
    if (closed) {
      throw new IOException(key + " is closed");
    }
    int done = 0;
    while (done < length) {
      if (filled == partSize) {
        uploadPart();
      }
      int at = filled % CHUNK;
      int take = Math.min(length - done, Math.min(partSize - filled, CHUNK - at));
      System.arraycopy(data, from + done, chunk(filled / CHUNK), at, take);
      filled += take;
      done += take;
    }
  }

  private byte[] chunk(int index) {
    if (index == chunks.size()) {
      chunks.add(new byte[CHUNK]);
    }
    return chunks.get(index);
  }

  private void uploadPart() throws IOException {
    closed = true;
    if (parts.size() == MOST_PARTS) {
      throw new IOException(
          "s3://%s/%s would have more than %d parts; set %s to more than %dM"
              .formatted(bucket, key, MOST_PARTS, S3Settings.PART_SIZE, partSize >> 20));
    }
    if (upload == null) {
      upload =
          errors.asking(
              key,
              () ->
                  client.createMultipartUpload(begin -> begin.bucket(bucket).key(key)).uploadId());
    }
    String id = upload;
    int number = parts.size() + 1;
    String tag =
        errors.asking(
            key,
            () ->
                client
                    .uploadPart(
                        part -> part.bucket(bucket).key(key).uploadId(id).partNumber(number),
                        body())
                    .eTag());
    parts.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
    filled = 0;
    closed = false;
  }

  private RequestBody body() {
    int length = filled;
    return RequestBody.fromContentProvider(() -> part(length), length, "application/octet-stream");
  }

  private InputStream part(int length) {
    var pieces = new ArrayList<InputStream>();
    for (int at = 0; at < length; at += CHUNK) {
      pieces.add(new ByteArrayInputStream(chunks.get(at / CHUNK), 0, Math.min(CHUNK, length - at)));
    }
    return new SequenceInputStream(Collections.enumeration(pieces));
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    if (upload != null && filled > 0) {
      uploadPart();
    }
    closed = true;
    String id = upload;
    if (id == null) {
      errors.asking(key, () -> client.putObject(put -> put.bucket(bucket).key(key), body()));
    } else {
      errors.asking(
          key,
          () ->
              client.completeMultipartUpload(
                  complete ->
                      complete
                          .bucket(bucket)
                          .key(key)
                          .uploadId(id)
                          .multipartUpload(all -> all.parts(parts))));
    }
    chunks.clear();
  }
}
