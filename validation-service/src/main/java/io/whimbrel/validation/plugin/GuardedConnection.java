package io.whimbrel.validation.plugin;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/** A connection whose transaction is not the plug-in's to end. */
final class GuardedConnection {
  private static final Set<String> REFUSED =
      Set.of(
          "abort",
          "close",
          "commit",
          "rollback",
          "setAutoCommit",
          "setReadOnly",
          "setTransactionIsolation",
          "unwrap");

  private GuardedConnection() {}

  static Connection of(Connection connection) {
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              boolean toSavepoint = method.getName().equals("rollback") && arguments != null;
              if (REFUSED.contains(method.getName()) && !toSavepoint) {
                throw new SQLException(
                    method.getName() + " is not for plug-ins: the transaction is the report's",
                    "25000");
              }
              try {
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
              }
            });
  }
}
