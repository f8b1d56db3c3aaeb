package io.whimbrel.acceptance.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A Dockerfile as its stages.
 *
 * @param stages in their order
 */
record Dockerfile(List<Stage> stages) {

  /**
   * What begins with FROM.
   *
   * @param name empty without one
   */
  record Stage(String from, String name, List<Instruction> instructions) {

    List<String> arguments(String keyword) {
      return instructions.stream()
          .filter(instruction -> instruction.keyword().equals(keyword))
          .map(Instruction::arguments)
          .toList();
    }

    String only(String keyword) {
      List<String> found = arguments(keyword);
      if (found.size() != 1) {
        throw new IllegalStateException(name + " has " + found.size() + " of " + keyword);
      }
      return found.get(0);
    }
  }

  record Instruction(String keyword, String arguments) {}

  static Dockerfile read(Path file) {
    try {
      // Comments go first, as one may stand between continued lines.
      String text =
          Files.readString(file).replaceAll("(?m)^\\s*#.*\n", "").replaceAll("\\\\\n\\s*", "");
      List<Stage> stages = new ArrayList<>();
      for (String line : text.split("\n", -1)) {
        if (line.isBlank()) {
          continue;
        }
        String[] parts = line.split("\\s+", 2);
        if (parts[0].equals("FROM")) {
          String[] from = parts[1].split(" AS ", -1);
          stages.add(new Stage(from[0], from.length > 1 ? from[1] : "", new ArrayList<>()));
        } else {
          stages
              .get(stages.size() - 1)
              .instructions()
              .add(new Instruction(parts[0], parts.length > 1 ? parts[1] : ""));
        }
      }
      return new Dockerfile(stages);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Stage stage(String name) {
    return stages.stream().filter(stage -> stage.name().equals(name)).findFirst().orElseThrow();
  }
}
