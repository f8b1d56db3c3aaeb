package io.whimbrel.access;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.acl.AclOperation;
import org.eclipse.microprofile.config.Config;

/**
 * The rights that a service needs, as its configuration says: its channels and what it publishes.
 */
final class Needs {
  private static final Pattern TOPIC =
      Pattern.compile("mp\\.messaging\\.incoming\\.([^.]+)\\.topic");
  private static final String GROUP_OF_ALL = "mp.messaging.connector.smallrye-kafka.group.id";

  private Needs() {}

  static Set<Need> of(Config config, KafkaAccessConfig access) {
    Set<Need> needs = new LinkedHashSet<>();
    for (String property : config.getPropertyNames()) {
      Matcher topic = TOPIC.matcher(property);
      if (topic.matches() && enabled(config, topic.group(1))) {
        needs.add(Need.topic(config.getValue(property, String.class), AclOperation.READ));
        needs.add(Need.group(group(config, topic.group(1)), AclOperation.READ));
      }
    }
    access
        .publishes()
        .orElse(Set.of())
        .forEach(name -> needs.add(Need.topic(name, AclOperation.WRITE)));
    access
        .observes()
        .orElse(Set.of())
        .forEach(name -> needs.add(Need.group(name, AclOperation.DESCRIBE)));
    return needs;
  }

  private static boolean enabled(Config config, String channel) {
    return config.getOptionalValue(incoming(channel, "enabled"), Boolean.class).orElse(true);
  }

  private static String group(Config config, String channel) {
    return config
        .getOptionalValue(incoming(channel, "group.id"), String.class)
        .orElseGet(() -> config.getValue(GROUP_OF_ALL, String.class));
  }

  private static String incoming(String channel, String attribute) {
    return "mp.messaging.incoming." + channel + "." + attribute;
  }
}
