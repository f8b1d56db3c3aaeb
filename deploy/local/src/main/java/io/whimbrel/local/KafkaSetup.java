package io.whimbrel.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AccessControlEntryFilter;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.ResourcePatternFilter;

/**
 * Brings topics, passwords and rights to a cluster. Each step can be repeated: what is as it ought
 * to be stays. If it stops half way, the next call does the rest.
 */
final class KafkaSetup implements AutoCloseable {
  private static final int ITERATIONS = 8192;

  private final Admin admin;

  /**
   * @param settings of an administrator, with the address
   */
  KafkaSetup(Map<String, Object> settings) {
    this.admin = Admin.create(settings);
  }

  /**
   * Creates the topics that are not there.
   *
   * @return what was done, a line each
   */
  List<String> createTopics(Path file, String environment) {
    Set<String> present = get(admin.listTopics().names(), "list the topics");
    List<NewTopic> missing =
        Topics.read(file, environment).stream()
            .filter(topic -> !present.contains(topic.name()))
            .toList();
    get(admin.createTopics(missing).all(), "create the topics of " + file);
    return missing.stream().map(topic -> "created topic " + topic.name()).toList();
  }

  /**
   * Sets the passwords of users, new ones or those that are there.
   *
   * @param passwords by user
   */
  List<String> setPasswords(Map<String, String> passwords) {
    List<UserScramCredentialAlteration> alterations = new ArrayList<>();
    passwords.forEach(
        (user, password) ->
            alterations.add(
                new UserScramCredentialUpsertion(
                    user,
                    new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, ITERATIONS),
                    password)));
    if (!alterations.isEmpty()) {
      get(admin.alterUserScramCredentials(alterations).all(), "set the passwords");
    }
    return passwords.keySet().stream().sorted().map(user -> "set the password of " + user).toList();
  }

  /** Gives the principals of the file the rights it names, and takes from them what it does not. */
  List<String> setRights(Path file) {
    Map<String, List<AclBinding>> rights = Acls.read(file);
    List<AclBinding> missing = new ArrayList<>();
    List<AclBinding> surplus = new ArrayList<>();
    rights.forEach(
        (name, wanted) -> {
          Collection<AclBinding> present = of(name);
          missing.addAll(without(wanted, present));
          surplus.addAll(without(present, wanted));
        });
    // First what is missing: nobody is to lose a right that it keeps.
    get(admin.createAcls(missing).all(), "give the rights of " + file);
    get(
        admin.deleteAcls(surplus.stream().map(AclBinding::toFilter).toList()).all(),
        "take rights that " + file + " does not name");
    List<String> done = new ArrayList<>();
    missing.forEach(binding -> done.add("allowed " + told(binding)));
    surplus.forEach(binding -> done.add("no longer allowed " + told(binding)));
    return done;
  }

  private Collection<AclBinding> of(String name) {
    return get(
        admin
            .describeAcls(
                new AclBindingFilter(
                    ResourcePatternFilter.ANY,
                    new AccessControlEntryFilter(
                        "User:" + name, null, AclOperation.ANY, AclPermissionType.ANY)))
            .values(),
        "read the rights of " + name);
  }

  private static List<AclBinding> without(
      Collection<AclBinding> all, Collection<AclBinding> others) {
    Set<AclBinding> left = new HashSet<>(others);
    return all.stream().filter(binding -> !left.contains(binding)).toList();
  }

  /** As in "User:migration-executor WRITE on TOPIC migration.progress". */
  private static String told(AclBinding binding) {
    return "%s %s on %s %s%s"
        .formatted(
            binding.entry().principal(),
            binding.entry().operation(),
            binding.pattern().resourceType(),
            binding.pattern().name(),
            switch (binding.pattern().patternType()) {
              case PREFIXED -> "*";
              default -> "";
            });
  }

  private static <T> T get(KafkaFuture<T> future, String what) {
    try {
      return future.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "Kafka does not " + what + ": " + String.valueOf(e.getCause()), e);
    } catch (TimeoutException e) {
      throw new IllegalStateException("Kafka does not " + what + " within 30 s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while Kafka was to " + what, e);
    }
  }

  @Override
  public void close() {
    admin.close();
  }
}
