package io.whimbrel.validation.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.whimbrel.event.Severity;
import io.whimbrel.rule.RulePlugin;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.JavaFileObject.Kind;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Jars as the authors of plug-ins build them: from source, against the interface alone. */
public final class PluginJar {
  private static final Pattern EXAMPLE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern CLASS = Pattern.compile("class (\\w+)");

  private PluginJar() {}

  /** The source that docs/how-to/rule-plugins.md shows. */
  public static String example() throws IOException {
    Matcher example = EXAMPLE.matcher(Files.readString(Path.of("../docs/how-to/rule-plugins.md")));
    if (!example.find()) {
      throw new IllegalStateException("The page shows no example");
    }
    return example.group(1);
  }

  /** A jar whose sources have a class each, all of them rules. */
  public static void build(Path jar, String... sources) throws IOException {
    Map<String, byte[]> entries = new TreeMap<>(compiled(List.of(sources)));
    String services =
        Stream.of(sources).map(PluginJar::className).collect(Collectors.joining("\n", "", "\n"));
    entries.put("META-INF/services/" + RulePlugin.class.getName(), services.getBytes(UTF_8));
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        out.putNextEntry(new JarEntry(entry.getKey()));
        out.write(entry.getValue());
      }
    }
  }

  private static Map<String, byte[]> compiled(List<String> sources) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    Path classes = Files.createTempDirectory("plugin");
    try (StandardJavaFileManager files = compiler.getStandardFileManager(problems, null, UTF_8)) {
      List<String> options = List.of("-d", classes.toString(), "-cp", classPath(), "-proc:none");
      List<Source> units = sources.stream().map(Source::new).toList();
      if (!compiler.getTask(null, files, problems, options, null, units).call()) {
        throw new IllegalStateException(problems.getDiagnostics().toString());
      }
    }
    Map<String, byte[]> entries = new TreeMap<>();
    try (Stream<Path> all = Files.walk(classes)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        entries.put(classes.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return entries;
  }

  private static String classPath() {
    List<String> path = new ArrayList<>();
    for (Class<?> one : List.of(RulePlugin.class, Severity.class)) {
      try {
        path.add(
            Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
      } catch (URISyntaxException e) {
        throw new IllegalStateException(e);
      }
    }
    return String.join(File.pathSeparator, path);
  }

  private static String className(String source) {
    Matcher name = CLASS.matcher(source);
    if (!name.find()) {
      throw new IllegalArgumentException("The source has no class");
    }
    Matcher place = Pattern.compile("package ([\\w.]+);").matcher(source);
    return place.find() ? place.group(1) + "." + name.group(1) : name.group(1);
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String text) {
      super(URI.create("string:///" + className(text).replace('.', '/') + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreErrors) {
      return text;
    }
  }
}
