package io.whimbrel.target;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A database role, and where its password is kept. The password itself is read anew for every
 * connection, so a rotated one is used at once, and it is never part of this record.
 *
 * @param user the role
 * @param passwordVariable the environment variable that holds the password
 * @param passwordFile the file that holds the password; without either the driver looks in {@code
 *     .pgpass}
 */
public record Login(String user, @Nullable String passwordVariable, @Nullable Path passwordFile) {

  /** A role whose password comes from the driver's own sources, or that needs none. */
  public static Login of(String user) {
    return new Login(user, null, null);
  }

  Optional<String> password(UnaryOperator<@Nullable String> environment)
      throws SQLInvalidAuthorizationSpecException {
    if (passwordVariable != null) {
      String password = environment.apply(passwordVariable);
      if (password == null) {
        throw unavailable("the environment variable " + passwordVariable + " is not set; set it");
      }
      return Optional.of(password);
    }
    if (passwordFile == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(Files.readString(passwordFile).stripTrailing());
    } catch (IOException e) {
      throw unavailable("the password file " + passwordFile + " cannot be read; check its mode");
    }
  }

  private SQLInvalidAuthorizationSpecException unavailable(String why) {
    return new SQLInvalidAuthorizationSpecException("No password for role " + user + ": " + why);
  }
}
