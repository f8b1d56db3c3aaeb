package io.whimbrel.monitoring.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class SignatureTest {

  /** printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac s3cret */
  @Test
  void theSignatureIsTheOneThatOthersCompute() {
    assertThat(new Signature("s3cret").of(Instant.ofEpochSecond(1_700_000_000), "{\"a\":1}"))
        .isEqualTo(
            "t=1700000000,v1=1698a50bc74d1ff1db85c4e0a5297c2ad9fdba245d5737cdb789e4cc6e098940");
  }
}
