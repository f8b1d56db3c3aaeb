package io.whimbrel.executor.backup;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;

/** A real connection that lets something happen once, just before its first transaction begins. */
final class RacingConnection {
  private RacingConnection() {}

  static Connection of(Connection real, Runnable once) {
    var happened = new boolean[1];
    return (Connection)
        Proxy.newProxyInstance(
            RacingConnection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("setAutoCommit") && !happened[0]) {
                happened[0] = true;
                once.run();
              }
              try {
                return method.invoke(real, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
