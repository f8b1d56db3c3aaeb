package io.whimbrel.gateway.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkiverse.resteasy.problem.HttpProblem;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeyTest {

  @Test
  void aNameGivesTheUuidOfTheRfc() {
    UUID dns = UUID.fromString("6ba7b810-9dad-11d1-80b4-00c04fd430c8");

    assertThat(NameBasedUuid.of(dns, "www.example.com"))
        .isEqualTo(UUID.fromString("2ed6657d-e927-568b-95e1-2665a8aea6a2"));
  }

  @Test
  void withoutAHeaderThereIsNoKey() {
    assertThat(IdempotencyKey.of(null)).isEmpty();
    assertThat(IdempotencyKey.of(List.of())).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "tab\t", "é", "\u007f"})
  void whatIsNotVisibleAsciiIsRefused(String key) {
    assertThatThrownBy(() -> IdempotencyKey.of(List.of(key))).isInstanceOf(HttpProblem.class);
  }

  @Test
  void aKeyHasOneTo255Characters() {
    assertThat(IdempotencyKey.of(List.of("k".repeat(255)))).hasValue("k".repeat(255));
    assertThatThrownBy(() -> IdempotencyKey.of(List.of("k".repeat(256))))
        .isInstanceOf(HttpProblem.class);
  }

  @Test
  void twoKeysAreRefused() {
    assertThatThrownBy(() -> IdempotencyKey.of(List.of("a", "b"))).isInstanceOf(HttpProblem.class);
  }
}
