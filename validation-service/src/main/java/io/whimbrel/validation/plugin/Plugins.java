package io.whimbrel.validation.plugin;

import io.whimbrel.rule.RulePlugin;
import io.whimbrel.validation.rule.Rule;
import io.whimbrel.validation.rule.RuleDescription;
import io.whimbrel.validation.rule.Rules;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The rules of others, from the jars of the configured directory in the order of their names. One
 * that cannot be taken is a fault, which every report names, and takes nothing from the others.
 */
@ApplicationScoped
public class Plugins {
  private static final Logger LOG = Logger.getLogger(Plugins.class);
  private static final Duration LOADING = Duration.ofSeconds(10);

  /**
   * A plug-in that is not there.
   *
   * @param jar the name of its file, or the directory
   */
  public record Fault(String jar, String reason) {}

  private final List<Plugin> loaded = new ArrayList<>();
  private final List<Fault> faults = new ArrayList<>();

  @Inject
  Plugins(PluginConfig config) {
    this(config.directory());
  }

  private Plugins(Optional<Path> directory) {
    directory.ifPresent(this::load);
    faults.forEach(fault -> LOG.errorf("Plug-in %s is not used: %s", fault.jar(), fault.reason()));
  }

  public static Plugins none() {
    return new Plugins(Optional.empty());
  }

  static Plugins of(Path directory) {
    return new Plugins(Optional.of(directory));
  }

  public List<Plugin> loaded() {
    return List.copyOf(loaded);
  }

  public List<Fault> faults() {
    return List.copyOf(faults);
  }

  /** All rules there are: the built-in ones, then those of plug-ins. */
  public List<RuleDescription> catalogue() {
    return Stream.concat(
            Rules.ALL.stream().map(Rule::description), loaded.stream().map(Plugin::description))
        .toList();
  }

  private void load(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      files.filter(file -> file.toString().endsWith(".jar")).sorted().forEach(this::loadJar);
    } catch (IOException e) {
      faults.add(
          new Fault(
              directory.toString(),
              "the directory cannot be read; create it, or unset"
                  + " WHIMBREL_VALIDATION_PLUGINS_DIRECTORY"));
    }
  }

  private void loadJar(Path file) {
    String jar = String.valueOf(file.getFileName());
    List<ServiceLoader.Provider<RulePlugin>> providers;
    JarLoader loader;
    try {
      loader = new JarLoader(file.toUri().toURL());
      providers = ServiceLoader.load(RulePlugin.class, loader).stream().toList();
    } catch (IOException | ServiceConfigurationError | LinkageError e) {
      faults.add(new Fault(jar, "its services cannot be read: " + e.getMessage()));
      return;
    }
    if (providers.isEmpty()) {
      faults.add(
          new Fault(jar, "it names no rule in META-INF/services/" + RulePlugin.class.getName()));
    }
    providers.forEach(provider -> take(jar, loader, provider));
  }

  private void take(String jar, ClassLoader loader, ServiceLoader.Provider<RulePlugin> provider) {
    try {
      Plugin plugin =
          Limited.start("load " + jar, loader, () -> Plugin.of(jar, provider.get()))
              .await(LOADING, () -> {});
      if (catalogue().stream().anyMatch(rule -> rule.id().equals(plugin.id()))) {
        faults.add(
            new Fault(jar, "another rule has the id " + plugin.id() + "; give it one of its own"));
        return;
      }
      loaded.add(plugin);
      LOG.infof("Plug-in %s brings the rule %s", jar, plugin.id());
    } catch (TimeoutException e) {
      faults.add(new Fault(jar, "it did not say what it is within " + LOADING.toSeconds() + " s"));
    } catch (ExecutionException e) {
      faults.add(new Fault(jar, why(Objects.requireNonNullElse(e.getCause(), e))));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      faults.add(new Fault(jar, "the service is stopping"));
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String why(Throwable cause) {
    Throwable root = cause;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root instanceof IllegalArgumentException && root.getMessage() != null
        ? root.getMessage()
        : "it cannot be loaded: " + root;
  }
}
