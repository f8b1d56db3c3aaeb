package io.whimbrel.access;

import org.apache.kafka.common.acl.AclOperation;

/**
 * A right that a service needs.
 *
 * @param resource a topic, or a consumer group
 */
record Need(Kind kind, String resource, AclOperation operation) {

  enum Kind {
    TOPIC,
    GROUP
  }

  static Need topic(String name, AclOperation operation) {
    return new Need(Kind.TOPIC, name, operation);
  }

  static Need group(String name, AclOperation operation) {
    return new Need(Kind.GROUP, name, operation);
  }

  /** As in "WRITE on topic migration.progress". */
  @Override
  public String toString() {
    return operation + " on " + (kind == Kind.TOPIC ? "topic " : "group ") + resource;
  }
}
