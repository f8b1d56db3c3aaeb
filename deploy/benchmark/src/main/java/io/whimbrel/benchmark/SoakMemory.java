package io.whimbrel.benchmark;

import io.whimbrel.local.ServiceProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The resident memory of the services, as Linux counts it. */
final class SoakMemory {

  /** What is to be told of a service. */
  record Line(String name, String text) {}

  private final Map<ServiceProcess, List<Long>> megabytes = new LinkedHashMap<>();

  SoakMemory(Collection<ServiceProcess> services) {
    services.forEach(service -> megabytes.put(service, new ArrayList<>()));
  }

  void sample() {
    megabytes.forEach(
        (service, samples) -> {
          long now = service.running() ? resident(service.pid()) : 0;
          if (now > 0) {
            samples.add(now);
          }
        });
  }

  private static long resident(long pid) {
    try {
      return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .map(line -> line.replaceAll("\\D", ""))
          .mapToLong(Long::parseLong)
          .map(kilobytes -> kilobytes >> 10)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      // It has ended meanwhile.
      return 0;
    }
  }

  List<Line> lines() {
    List<Line> lines = new ArrayList<>();
    megabytes.forEach(
        (service, samples) -> {
          List<Long> first = samples.subList(0, samples.size() / 2);
          List<Long> second = samples.subList(samples.size() / 2, samples.size());
          lines.add(
              new Line(
                  "memory of the " + service.name() + ", most in each half",
                  "%d MB, %d MB".formatted(most(first), most(second))));
        });
    return lines;
  }

  private static long most(List<Long> samples) {
    return samples.stream().mapToLong(Long::longValue).max().orElse(0);
  }
}
