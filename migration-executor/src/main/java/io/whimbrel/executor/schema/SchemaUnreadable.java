package io.whimbrel.executor.schema;

/** A schema that could not be read, or holds something that cannot be written as a script. */
public final class SchemaUnreadable extends Exception {
  public SchemaUnreadable(String message) {
    super(message);
  }

  public SchemaUnreadable(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
