package io.whimbrel.executor.backup.s3;

import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Credentials were found nowhere, or could not be read. */
final class NoCredentials extends SdkClientException {
  private NoCredentials(SdkClientException cause) {
    super(SdkClientException.builder().message(cause.getMessage()).cause(cause));
  }

  /** The same credentials; without any, it says so by this exception. */
  record Telling(AwsCredentialsProvider credentials) implements AwsCredentialsProvider {
    @Override
    public AwsCredentials resolveCredentials() {
      try {
        return credentials.resolveCredentials();
      } catch (SdkClientException e) {
        throw new NoCredentials(e);
      }
    }
  }
}
