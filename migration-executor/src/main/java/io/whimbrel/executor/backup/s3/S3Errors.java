package io.whimbrel.executor.backup.s3;

import io.whimbrel.executor.backup.StoreUnavailable;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Says what went wrong with a bucket, and what to do; no message names a host. */
record S3Errors(String bucket) {
  private static final int DENIED = 403;
  private static final int REPLACED = 412;
  private static final String NO_SUCH_BUCKET = "NoSuchBucket";
  private static final Set<String> WRONG_CREDENTIALS =
      Set.of(
          "InvalidAccessKeyId",
          "SignatureDoesNotMatch",
          "ExpiredToken",
          "InvalidToken",
          "TokenRefreshRequired");
  private static final Set<String> ABORTED = Set.of("NoSuchUpload", "NoSuchKey");
  private static final Set<String> WRONG_REGION =
      Set.of(
          "PermanentRedirect",
          "AuthorizationHeaderMalformed",
          "IllegalLocationConstraintException");
  private static final Map<Class<? extends IOException>, String> UNREACHABLE =
      Map.of(
          UnknownHostException.class,
          "its host is not known; where buckets are no hosts, set "
              + S3Settings.PATH_STYLE
              + "=true",
          ConnectException.class,
          "it refuses connections",
          SocketTimeoutException.class,
          "it does not answer in time",
          SSLException.class,
          "its certificate is not trusted");

  /** What asks something of the store. */
  @FunctionalInterface
  interface Request<T> {
    T send();
  }

  /**
   * Asks for an object.
   *
   * @throws NoSuchFileException if there is no such object
   * @throws StoreUnavailable for anything else
   */
  <T> T reading(String key, Request<T> request) throws IOException {
    try {
      return request.send();
    } catch (NoSuchKeyException e) {
      var missing = new NoSuchFileException("s3://" + bucket + "/" + key);
      missing.initCause(e);
      throw missing;
    } catch (SdkException e) {
      throw failed(key, e);
    }
  }

  /**
   * Asks for anything else.
   *
   * @param key of the object that it is about, for the message
   * @throws StoreUnavailable if it cannot be had
   */
  <T> T asking(String key, Request<T> request) throws IOException {
    try {
      return request.send();
    } catch (SdkException e) {
      throw failed(key, e);
    }
  }

  private StoreUnavailable failed(String key, SdkException e) {
    return new StoreUnavailable("s3://%s/%s: %s".formatted(bucket, key, why(e)), e);
  }

  private static String why(SdkException e) {
    if (e instanceof NoCredentials) {
      return "no credentials were found for it; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY,"
          + " name a file in AWS_SHARED_CREDENTIALS_FILE, or give the machine a role";
    }
    if (e instanceof S3Exception refused) {
      return refusal(refused);
    }
    return "the store cannot be reached: "
        + unreachable(e)
        + "; check "
        + S3Settings.ENDPOINT
        + " and the network";
  }

  private static String refusal(S3Exception e) {
    String code = code(e);
    if (NO_SUCH_BUCKET.equals(code)) {
      return "there is no such bucket; make it, or name another in " + S3Settings.BUCKET;
    }
    if (WRONG_CREDENTIALS.contains(code)) {
      return "the store does not accept the credentials (%s); check AWS_ACCESS_KEY_ID and"
              .formatted(code)
          + " AWS_SECRET_ACCESS_KEY, or where else they come from";
    }
    if (WRONG_REGION.contains(code)) {
      return "the bucket is in another region (%s); set %s".formatted(code, S3Settings.REGION);
    }
    if (ABORTED.contains(code)) {
      return "its upload was aborted by someone else, or by a rule of the bucket";
    }
    if (e.statusCode() == REPLACED) {
      return "it was replaced while it was read";
    }
    if (e.statusCode() == DENIED) {
      return "the store denies access (%s); the credentials need to get, put, list and delete"
              .formatted(code)
          + " objects there, and to list and abort multipart uploads";
    }
    return "the store answers %d %s".formatted(e.statusCode(), code);
  }

  /** Empty if the answer has none, as that of something else than a store. */
  private static String code(S3Exception e) {
    AwsErrorDetails details = e.awsErrorDetails();
    return details == null ? "" : Objects.requireNonNullElse(details.errorCode(), "");
  }

  private static String unreachable(SdkException e) {
    @Nullable Throwable cause = e;
    while (cause != null) {
      for (Map.Entry<Class<? extends IOException>, String> known : UNREACHABLE.entrySet()) {
        if (known.getKey().isInstance(cause)) {
          return known.getValue();
        }
      }
      cause = cause.getCause();
    }
    return e.getCause() == null
        ? e.getClass().getSimpleName()
        : e.getCause().getClass().getSimpleName();
  }
}
