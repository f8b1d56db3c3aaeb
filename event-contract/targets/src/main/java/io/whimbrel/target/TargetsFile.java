package io.whimbrel.target;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code targets.yaml}. Nothing is taken from a file with a problem anywhere in it. */
final class TargetsFile {

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");
  // Inside { } a brace ends a plain value, so ${NAME} would need quotes there; people leave
  // them out.
  private static final Pattern BARE_VARIABLE =
      Pattern.compile("(:[ \\t]+)(\\$\\{[A-Za-z_][A-Za-z0-9_]*})(?=[ \\t]*([,}#\\r\\n]|$))");
  private static final Pattern SECRET_IN_URL =
      Pattern.compile("[?&](user|password)=|//[^/]*@", Pattern.CASE_INSENSITIVE);
  private static final ObjectMapper YAML =
      YAMLMapper.builder().configure(JsonParser.Feature.STRICT_DUPLICATE_DETECTION, true).build();

  private static final Set<String> TARGET_KEYS =
      keys(
          "name url catalog format executor validator schemas placeholders baselineOnMigrate"
              + " baselineVersion outOfOrder policy rehearsal validation"
              + ProjectKeys.ALL);
  private static final Set<String> LOGIN_KEYS = keys("user password password-file");
  private static final Set<String> REHEARSAL_KEYS = keys("url user password password-file");

  private final Path file;
  private final Problems problems;

  TargetsFile(Path file) {
    this.file = file.toAbsolutePath();
    this.problems = new Problems(file);
  }

  List<Target> parse(byte[] content) throws TargetsFileException {
    JsonNode root = tree(content);
    Block top = new Block("", root, problems);
    top.allow(Set.of("targets"));
    JsonNode declared = root.path("targets");
    if (!declared.isArray()) {
      top.problem("targets", "is not a list", "write targets: and a list of targets under it");
    }
    List<Target> targets = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (JsonNode node : declared) {
      Target target = target(node, targets.size() + 1);
      if (!names.add(target.name())) {
        problems.add("name", "is used twice", "give each target a name of its own");
      }
      targets.add(target);
    }
    problems.throwIfAny();
    return List.copyOf(targets);
  }

  private JsonNode tree(byte[] content) throws TargetsFileException {
    String text =
        BARE_VARIABLE
            .matcher(new String(content, StandardCharsets.UTF_8))
            .replaceAll(found -> Matcher.quoteReplacement(quoted(found.group(1), found.group(2))));
    try (MappingIterator<JsonNode> documents = YAML.readerFor(JsonNode.class).readValues(text)) {
      if (!documents.hasNextValue()) {
        throw problems.thrown("is empty; write targets: and a list of targets under it");
      }
      JsonNode root = documents.nextValue();
      if (documents.hasNextValue()) {
        throw problems.thrown("holds more than one document; remove what follows ---");
      }
      return root;
    } catch (JsonProcessingException e) {
      throw problems.thrown("is not valid YAML" + line(e) + "; correct it there");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Target target(JsonNode node, int number) {
    problems.target("number " + number);
    Block block = new Block("", node, problems);
    String name = block.required("name", "give the target a name");
    if (NAME.matcher(name).matches()) {
      problems.target(name);
    } else if (block.has("name")) {
      block.problem(
          "name", "is not a name", "use a-z, 0-9 and -, at most 63, not beginning with -");
    }
    block.allow(TARGET_KEYS);
    return new Target(
        name,
        url(block),
        catalog(block),
        block.oneOf("format", Target.FORMATS.get(0), Target.FORMATS),
        login(block, "executor"),
        login(block, "validator"),
        block.list("schemas", List.of("public")),
        block.map("placeholders"),
        block.flag("baselineOnMigrate", false),
        block.text("baselineVersion", "1"),
        block.flag("outOfOrder", false),
        ProjectKeys.read(block),
        PolicyKeys.read(block.block("policy")),
        rehearsal(block),
        ScheduleKeys.read(block));
  }

  private String url(Block block) {
    String url = block.required("url", "add url: jdbc:postgresql://HOST:5432/DATABASE");
    if (block.has("url") && !url.startsWith("jdbc:postgresql:")) {
      block.problem(
          "url",
          "is not a JDBC URL of PostgreSQL",
          "begin it with jdbc:postgresql://HOST/DATABASE");
    } else if (SECRET_IN_URL.matcher(url).find()) {
      block.problem("url", "names a user or a password", "put the role in keys of its own");
    }
    return url;
  }

  private List<Path> catalog(Block block) {
    if (!block.has("catalog")) {
      block.problem("catalog", "is missing", "name the directory of the migrations");
      return List.of();
    }
    return block.list("catalog", List.of()).stream()
        .map(item -> path(block, "catalog", item))
        .toList();
  }

  private Path path(Block block, String key, String text) {
    try {
      return file.resolveSibling(text).normalize();
    } catch (InvalidPathException e) {
      block.problem(key, "is not a path", "write a directory of this machine");
      return file;
    }
  }

  private Login login(Block target, String key) {
    if (!target.has(key)) {
      target.problem(key, "is missing", "add " + key + ": { user: ROLE, password: ${VARIABLE} }");
      return Login.of("");
    }
    Block block = target.block(key);
    block.allow(LOGIN_KEYS);
    return login(block);
  }

  private @Nullable RehearsalServer rehearsal(Block target) {
    if (!target.has("rehearsal")) {
      return null;
    }
    Block block = target.block("rehearsal");
    block.allow(REHEARSAL_KEYS);
    return new RehearsalServer(url(block), login(block));
  }

  private Login login(Block block) {
    String user = block.required("user", "name the database role");
    @Nullable Path file =
        block.has("password-file")
            ? path(block, "password-file", block.text("password-file", ""))
            : null;
    if (!block.has("password")) {
      return new Login(user, null, file);
    }
    if (file != null) {
      block.problem("password", "is given beside password-file", "keep one of the two");
    }
    Matcher variable = VARIABLE.matcher(block.text("password", ""));
    if (!variable.matches()) {
      block.problem(
          "password",
          "is written in the file",
          "write ${VARIABLE} and set that environment variable, or use password-file");
      return Login.of(user);
    }
    return new Login(user, variable.group(1), null);
  }

  private static String quoted(String before, String variable) {
    return before + '"' + variable + '"';
  }

  private static String line(JsonProcessingException e) {
    return e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
  }

  static Set<String> keys(String names) {
    return new LinkedHashSet<>(List.of(names.split(" ")));
  }
}
