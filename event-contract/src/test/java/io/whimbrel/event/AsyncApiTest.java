package io.whimbrel.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The AsyncAPI document, the constants and the topics that are created are the same. */
class AsyncApiTest {
  private static final Path RESOURCES = Contract.MODULE.resolve("src/main/resources");
  private static final JsonNode DOCUMENT = Contract.yaml(RESOURCES.resolve("asyncapi.yaml"));
  private static final JsonNode TOPICS =
      Contract.yaml(Contract.REPOSITORY.resolve("deploy/kafka/topics.yaml"));

  @Test
  void channelsAreTheTopicsAndTheirDeadLetters() {
    assertThat(texts(DOCUMENT.get("channels"), "address"))
        .containsExactlyInAnyOrderElementsOf(topicsAndDeadLetters());
  }

  @Test
  void topicsThatAreCreatedAreTheTopicsAndTheirDeadLetters() {
    assertThat(texts(TOPICS.get("topics"), "name"))
        .containsExactlyInAnyOrderElementsOf(topicsAndDeadLetters());
  }

  @Test
  void everyTopicHasPartitionsRetentionAndACleanupPolicy() {
    assertThat(TOPICS.get("topics"))
        .allSatisfy(
            topic -> {
              assertThat(topic.get("partitions").asInt()).isPositive();
              assertThat(topic.at("/config/cleanup.policy").textValue()).isEqualTo("delete");
              assertThat(topic.at("/config/retention.ms").textValue()).matches("[1-9][0-9]*");
            });
    assertThat(TOPICS.at("/environments/local/replicationFactor").asInt()).isEqualTo(1);
    assertThat(TOPICS.at("/environments/production/replicationFactor").asInt()).isEqualTo(3);
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    List<String> references = DOCUMENT.findValuesAsText("$ref");

    assertThat(references).isNotEmpty().allSatisfy(AsyncApiTest::assertResolves);
  }

  @ParameterizedTest
  @EnumSource(EventType.class)
  void theMessageOfATopicHasTheTypeAndTheSchemaOfItsEvent(EventType type) {
    JsonNode messages = channel(type.topic()).get("messages");
    JsonNode message =
        Stream.of(messages)
            .flatMap(AsyncApiTest::children)
            .map(reference -> at(reference.get("$ref").asText()))
            .filter(m -> type.cloudEventType().equals(m.get("name").asText()))
            .findFirst()
            .orElseThrow();

    assertThat(message.at("/headers/properties/ce_type/const").asText())
        .isEqualTo(type.cloudEventType());
    assertThat(message.at("/payload/schema/$ref").asText())
        .isEqualTo("./io/whimbrel/event/" + type.schema());
  }

  @Test
  void everyOperationUsesMessagesOfItsChannelAndNamesItsService() {
    List<String> services = texts(DOCUMENT.at("/info/tags"), "name");

    assertThat(DOCUMENT.get("operations"))
        .allSatisfy(
            operation -> {
              assertThat(operation.get("action").asText()).isIn("send", "receive");
              String channel = operation.at("/channel/$ref").asText();
              assertThat(operation.path("messages").findValuesAsText("$ref"))
                  .allMatch(ref -> ref.startsWith(channel + "/messages/"));
              assertThat(operation.at("/tags/0/name").asText()).isIn(services);
            });
  }

  private static List<String> topicsAndDeadLetters() {
    return Stream.of(EventType.values())
        .map(EventType::topic)
        .distinct()
        .flatMap(topic -> Stream.of(topic, topic + Topics.DEAD_LETTER_SUFFIX))
        .toList();
  }

  private static JsonNode channel(String address) {
    return children(DOCUMENT.get("channels"))
        .filter(channel -> address.equals(channel.get("address").asText()))
        .findFirst()
        .orElseThrow();
  }

  private static void assertResolves(String reference) {
    if (reference.startsWith("#")) {
      assertThat(at(reference).isMissingNode()).as(reference).isFalse();
    } else {
      assertThat(Files.isRegularFile(RESOURCES.resolve(reference))).as(reference).isTrue();
    }
  }

  private static JsonNode at(String reference) {
    return DOCUMENT.at(reference.substring(1));
  }

  private static Stream<JsonNode> children(JsonNode node) {
    List<JsonNode> children = new ArrayList<>();
    node.forEach(children::add);
    return children.stream();
  }

  private static List<String> texts(JsonNode nodes, String field) {
    return children(nodes).map(node -> node.get(field).asText()).toList();
  }
}
