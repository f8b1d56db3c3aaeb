package io.whimbrel.local;

import java.util.LinkedHashMap;
import java.util.Map;

/** The ports of a stack; services have a second one for metrics and probes. */
record StackPorts(
    Map<ServiceName, ServicePorts> services,
    int oidc,
    int kafka,
    int kafkaController,
    int postgres) {

  record ServicePorts(int http, int management) {

    static ServicePorts free() {
      return new ServicePorts(Ports.free(), Ports.free());
    }
  }

  /** What the documentation says. */
  static StackPorts usual() {
    return new StackPorts(services(8080, 9080), 8180, 19092, 19093, 15432);
  }

  /** Fifty ports from this one on. */
  static StackPorts from(int base) {
    return new StackPorts(services(base, base + 10), base + 20, base + 30, base + 31, base + 40);
  }

  static StackPorts free() {
    Map<ServiceName, ServicePorts> services = new LinkedHashMap<>();
    for (ServiceName name : ServiceName.values()) {
      services.put(name, ServicePorts.free());
    }
    return new StackPorts(services, Ports.free(), Ports.free(), Ports.free(), Ports.free());
  }

  ServicePorts of(ServiceName name) {
    ServicePorts ports = services.get(name);
    if (ports == null) {
      throw new IllegalArgumentException("No ports for " + name);
    }
    return ports;
  }

  /** Every port with the name of who is to have it. */
  Map<Integer, String> all() {
    Map<Integer, String> all = new LinkedHashMap<>();
    services.forEach(
        (name, ports) -> {
          all.put(ports.http(), name.directory());
          all.put(ports.management(), name.directory() + "'s management");
        });
    all.put(oidc, "the identity provider");
    all.put(kafka, "Kafka");
    all.put(kafkaController, "Kafka's controller");
    all.put(postgres, "PostgreSQL");
    return all;
  }

  private static Map<ServiceName, ServicePorts> services(int http, int management) {
    Map<ServiceName, ServicePorts> services = new LinkedHashMap<>();
    for (ServiceName name : ServiceName.values()) {
      int i = services.size();
      services.put(name, new ServicePorts(http + i, management + i));
    }
    return services;
  }
}
