package io.whimbrel.access;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Asks Kafka which rights the caller has on the topics and groups of its needs. Kafka says nothing
 * about a group that has never had a member; it counts as allowed.
 */
final class RightsQuestion {
  private final Admin admin;
  private final int timeoutMillis;

  RightsQuestion(Admin admin, int timeoutMillis) {
    this.admin = admin;
    this.timeoutMillis = timeoutMillis;
  }

  /**
   * What is missing, one sentence each, without the name of who asks.
   *
   * @throws ExecutionException if Kafka refuses the caller as such, or fails
   * @throws TimeoutException if Kafka does not answer in time
   */
  List<String> missing(Collection<Need> needs)
      throws InterruptedException, ExecutionException, TimeoutException {
    var topics =
        admin
            .describeTopics(
                TopicCollection.ofTopicNames(names(needs, Need.Kind.TOPIC)),
                new DescribeTopicsOptions()
                    .includeAuthorizedOperations(true)
                    .timeoutMs(timeoutMillis))
            .topicNameValues();
    var groups =
        admin
            .describeConsumerGroups(
                names(needs, Need.Kind.GROUP),
                new DescribeConsumerGroupsOptions()
                    .includeAuthorizedOperations(true)
                    .timeoutMs(timeoutMillis))
            .describedGroups();
    List<String> missing = new ArrayList<>();
    for (Need need : needs) {
      if (need.kind() == Need.Kind.TOPIC) {
        add(missing, answer(topics, need, topic -> topic.authorizedOperations()));
      } else {
        add(missing, answer(groups, need, group -> group.authorizedOperations()));
      }
    }
    return missing;
  }

  private static Set<String> names(Collection<Need> needs, Need.Kind kind) {
    return needs.stream()
        .filter(need -> need.kind() == kind)
        .map(Need::resource)
        .collect(Collectors.toSet());
  }

  private interface Operations<T> {
    @Nullable Set<AclOperation> of(T description);
  }

  /** Whether the need is met: a sentence if not, empty if so. */
  private <T> String answer(
      Map<String, KafkaFuture<T>> futures, Need need, Operations<T> operations)
      throws InterruptedException, ExecutionException, TimeoutException {
    KafkaFuture<T> future = futures.get(need.resource());
    if (future == null) {
      throw new IllegalStateException("Kafka was not asked for " + need);
    }
    try {
      Set<AclOperation> allowed = operations.of(future.get(timeoutMillis, TimeUnit.MILLISECONDS));
      return allowed == null || allowed.contains(need.operation()) ? "" : need.toString();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AuthorizationException) {
        return need.toString();
      }
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return need + ", which does not exist";
      }
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return "";
      }
      throw e;
    }
  }

  private static void add(List<String> missing, String answer) {
    if (!answer.isEmpty()) {
      missing.add(answer);
    }
  }
}
