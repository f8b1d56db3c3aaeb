package io.whimbrel.validation.plugin;

import io.whimbrel.rule.RulePlugin;
import java.net.URL;
import java.net.URLClassLoader;

/**
 * The classes of one jar. Beside its own it sees those of Java and of the interface for plug-ins,
 * and nothing of the service's or of other jars', so that it may bring any version of any library.
 */
final class JarLoader extends URLClassLoader {

  JarLoader(URL jar) {
    super("plug-in " + jar, new URL[] {jar}, new Interface());
  }

  private static final class Interface extends ClassLoader {

    Interface() {
      super(ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.startsWith("io.whimbrel.rule.") || name.startsWith("io.whimbrel.event.")) {
        return RulePlugin.class.getClassLoader().loadClass(name);
      }
      throw new ClassNotFoundException(name);
    }
  }
}
