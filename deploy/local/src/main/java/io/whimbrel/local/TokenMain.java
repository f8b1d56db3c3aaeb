package io.whimbrel.local;

/** What {@code deploy/local/token} runs: prints the bearer token of a local identity. */
final class TokenMain {

  private TokenMain() {}

  public static void main(String[] arguments) {
    try {
      System.out.println(RunningStack.find().token(arguments[0]));
    } catch (IllegalStateException | IllegalArgumentException e) {
      System.err.println("deploy/local/token: " + e.getMessage());
      System.exit(1);
    }
  }
}
