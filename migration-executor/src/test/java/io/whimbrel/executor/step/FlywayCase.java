package io.whimbrel.executor.step;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A case of the files under {@code flyway-cases}, whose README tells their format.
 *
 * @param title what it shows
 * @param steps in their order
 */
record FlywayCase(String title, List<Step> steps) {

  /** A file to write, or a thing to do or to expect. */
  sealed interface Step {}

  record WriteFile(String name, String text, Charset charset) implements Step {}

  /** For example {@code refused} and the text after it. */
  record Verb(String word, String rest) implements Step {}

  private static final char BYTE_ORDER_MARK = 0xFEFF;
  private static final Pattern OPTION = Pattern.compile(" \\[(\\w+)(?: (\\d+))?]");

  static List<FlywayCase> read(Path file) throws IOException {
    List<FlywayCase> cases = new ArrayList<>();
    for (String text : Files.readString(file).split("(?m)^## ", -1)) {
      if (!text.isBlank()) {
        cases.add(parse(file.getFileName() + ": ", text));
      }
    }
    return cases;
  }

  private static FlywayCase parse(String from, String text) {
    List<Step> steps = new ArrayList<>();
    List<String> parts = List.of(text.split("(?m)^(?=[@>] )", -1));
    for (String part : parts.subList(1, parts.size())) {
      String line = part.lines().findFirst().orElseThrow().substring(2).strip();
      if (part.startsWith("@")) {
        steps.add(writeFile(line, part.substring(part.indexOf('\n') + 1).stripTrailing()));
      } else {
        String[] words = line.split(" +", 2);
        steps.add(new Verb(words[0], words.length == 1 ? "" : words[1]));
      }
    }
    return new FlywayCase(from + parts.get(0).strip(), steps);
  }

  private static WriteFile writeFile(String line, String written) {
    Charset charset = StandardCharsets.UTF_8;
    String text = written;
    Matcher option = OPTION.matcher(line);
    while (option.find()) {
      switch (option.group(1)) {
        case "crlf" -> text = text.replace("\n", "\r\n");
        case "bom" -> text = BYTE_ORDER_MARK + text;
        case "latin1" -> charset = StandardCharsets.ISO_8859_1;
        case "times" -> text = repeated(text, Integer.parseInt(option.group(2)));
        default -> throw new IllegalArgumentException(line);
      }
    }
    return new WriteFile(OPTION.matcher(line).replaceAll("").strip(), text, charset);
  }

  private static String repeated(String text, int times) {
    return IntStream.rangeClosed(1, times)
        .mapToObj(i -> text.replace("#", Integer.toString(i)))
        .collect(Collectors.joining("\n"));
  }

  @Override
  public String toString() {
    return title;
  }
}
