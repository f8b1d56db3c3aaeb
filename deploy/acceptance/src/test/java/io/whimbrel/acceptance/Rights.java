package io.whimbrel.acceptance;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** Principals of tests and their rights in Kafka. */
record Rights(Admin admin, String user) implements AutoCloseable {

  /** A new user without a right. */
  static Rights ofNewUser(Map<String, Object> administrator, String user, String password) {
    Rights rights = new Rights(Admin.create(administrator), user);
    get(
        rights
            .admin
            .alterUserScramCredentials(
                List.of(
                    new UserScramCredentialUpsertion(
                        user,
                        new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096),
                        password)))
            .all());
    return rights;
  }

  void allow(ResourceType type, String resource, AclOperation operation) {
    get(
        admin
            .createAcls(
                List.of(
                    new AclBinding(
                        new ResourcePattern(type, resource, PatternType.LITERAL),
                        new AccessControlEntry(
                            "User:" + user, "*", operation, AclPermissionType.ALLOW))))
            .all());
  }

  /** What the caller may do with a topic; nothing if it may not even see it. */
  static List<String> onTopic(Admin admin, String topic) {
    var described =
        admin
            .describeTopics(
                TopicCollection.ofTopicNames(List.of(topic)),
                new DescribeTopicsOptions().includeAuthorizedOperations(true))
            .allTopicNames();
    try {
      return described.get(30, TimeUnit.SECONDS).values().stream()
          .flatMap(description -> description.authorizedOperations().stream())
          .map(AclOperation::name)
          .toList();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof TopicAuthorizationException) {
        return List.of();
      }
      throw new IllegalStateException(e);
    } catch (TimeoutException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static <T> T get(KafkaFuture<T> future) {
    try {
      return future.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    admin.close();
  }
}
