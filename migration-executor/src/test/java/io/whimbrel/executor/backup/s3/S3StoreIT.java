package io.whimbrel.executor.backup.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.whimbrel.executor.backup.BackupPlace;
import io.whimbrel.executor.backup.StoreUnavailable;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;

/** What a bucket says, and what is made of it. */
class S3StoreIT {
  private static final String NAME = "orders/11111111-2222-3333-4444-555555555555";
  private static final AwsCredentialsProvider RIGHT =
      EmbeddedS3.credentials(EmbeddedS3.KEY, EmbeddedS3.SECRET);

  private static EmbeddedS3 s3;

  @BeforeAll
  static void start() {
    s3 = EmbeddedS3.start();
  }

  @AfterAll
  static void stop() {
    s3.close();
  }

  @Test
  void whatIsReadIsWhatWasWritten() throws Exception {
    for (int size : new int[] {0, 1, 5 << 20, (5 << 20) + 1, 11 << 20}) {
      byte[] content = new byte[size];
      new Random(size).nextBytes(content);
      try (OutputStream out = s3.store().place(NAME).begin().create("file")) {
        for (int from = 0; from < size; from += 70_000) {
          out.write(content, from, Math.min(70_000, size - from));
        }
      }
      try (InputStream in = s3.store().place(NAME).read("file")) {
        assertThat(in.readAllBytes()).as("%d bytes", size).isEqualTo(content);
      }
    }
  }

  @Test
  void anObjectMayBeLargerThanTheMemory() throws Exception {
    assertThat(S3Copy.run(s3)).startsWith("0 ");
    assertThat(s3.uploads()).isZero();
  }

  @Test
  void aReadThatBreaksOffGoesOnWhereItWas() throws Exception {
    byte[] content = new byte[3 << 20];
    new Random(1).nextBytes(content);
    s3.put("of-tests/" + NAME + "/file", content);
    try (var network = new BreakingNetwork(s3.endpoint().getPort(), 1 << 20);
        S3Store store = EmbeddedS3.store(s3.bucket(), network.endpoint(), RIGHT);
        InputStream in = store.place(NAME).read("file")) {
      assertThat(in.readAllBytes()).isEqualTo(content);
      assertThat(network.breaks()).isPositive();
    }
  }

  @Test
  void anObjectThatIsReplacedMeanwhileIsNotMixed() throws Exception {
    byte[] content = new byte[3 << 20];
    s3.put("of-tests/" + NAME + "/file", content);
    try (var network = new BreakingNetwork(s3.endpoint().getPort(), 1 << 20);
        S3Store store = EmbeddedS3.store(s3.bucket(), network.endpoint(), RIGHT);
        InputStream in = store.place(NAME).read("file")) {
      assertThat(in.readNBytes(1000)).hasSize(1000);
      content[2 << 20] = 1;
      s3.put("of-tests/" + NAME + "/file", content);
      assertThatThrownBy(in::readAllBytes).isInstanceOf(StoreUnavailable.class);
    }
  }

  @Test
  void whatIsNotThereIsNoSuchFile() {
    assertThatThrownBy(() -> s3.store().place(NAME).read("nothing"))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("s3://" + s3.bucket() + "/of-tests/" + NAME + "/nothing");
  }

  @Test
  void aBucketThatIsMissingIsNamed() {
    unavailable(
        EmbeddedS3.store("no-such-bucket", s3.endpoint(), RIGHT),
        "s3://no-such-bucket/of-tests/" + NAME,
        "there is no such bucket; make it, or name another in MIGRATION_BACKUP_S3_BUCKET");
  }

  @Test
  void wrongCredentialsAreSaidSo() {
    String check = "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
    unavailable(at(EmbeddedS3.credentials("nobody", "x")), "(InvalidAccessKeyId)", check);
    unavailable(at(EmbeddedS3.credentials(EmbeddedS3.KEY, "x")), "(SignatureDoesNotMatch)", check);
  }

  @Test
  void missingCredentialsAreSaidSo() {
    unavailable(
        at(EnvironmentVariableCredentialsProvider.create()),
        "no credentials were found",
        "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  }

  @Test
  void aStoreThatIsNotThereIsSaidSoWithoutItsAddress() throws Exception {
    URI nobody;
    try (var network = new BreakingNetwork(s3.endpoint().getPort(), 1)) {
      nobody = network.endpoint();
    }
    S3Store store = EmbeddedS3.store(s3.bucket(), nobody, RIGHT);
    unavailable(
        store,
        "cannot be reached: it refuses connections",
        "check MIGRATION_BACKUP_S3_ENDPOINT and the network");
    assertThatThrownBy(() -> store.place(NAME).begin())
        .hasMessageNotContaining(String.valueOf(nobody.getPort()));
  }

  private static S3Store at(AwsCredentialsProvider credentials) {
    return EmbeddedS3.store(s3.bucket(), s3.endpoint(), credentials);
  }

  private static void unavailable(S3Store store, String... messages) {
    BackupPlace place = store.place(NAME);
    assertThatThrownBy(place::begin)
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContainingAll(messages);
    assertThatThrownBy(() -> place.read("manifest.json"))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContainingAll(messages);
    assertThatThrownBy(store::targets)
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContainingAll(Arrays.copyOfRange(messages, 1, messages.length));
  }
}
