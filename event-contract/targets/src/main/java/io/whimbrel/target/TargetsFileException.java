package io.whimbrel.target;

import java.util.List;

/** The file declares no usable set of targets; the message has one line for each problem. */
final class TargetsFileException extends Exception {

  TargetsFileException(List<String> problems) {
    super(String.join("\n", problems));
  }
}
