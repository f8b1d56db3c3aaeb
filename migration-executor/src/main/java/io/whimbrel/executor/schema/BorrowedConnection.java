package io.whimbrel.executor.schema;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pgcodekeeper.core.database.base.jdbc.IJdbcConnector;

/**
 * Lends a connection, in the transaction it is in, to a reader that believes to own it: the reader
 * can neither end the transaction, nor change its mode, nor close the connection, nor leave
 * settings behind it. So a schema can be read as the transaction sees it, its own uncommitted
 * changes included.
 */
final class BorrowedConnection implements IJdbcConnector {
  private static final Set<String> KEPT = Set.of("close", "commit", "rollback", "setAutoCommit");

  private final Connection lent;

  BorrowedConnection(Connection owned) {
    this.lent =
        proxy(Connection.class, (proxy, method, args) -> connectionCall(owned, method, args));
  }

  private static @Nullable Object connectionCall(
      Connection owned, Method method, Object @Nullable [] args) throws Throwable {
    if (KEPT.contains(method.getName())) {
      return null;
    }
    Object result = call(owned, method, args);
    return result instanceof Statement created && method.getName().equals("createStatement")
        ? statement(created)
        : result;
  }

  private static Statement statement(Statement owned) {
    return proxy(Statement.class, (proxy, method, args) -> statementCall(owned, method, args));
  }

  private static @Nullable Object statementCall(
      Statement owned, Method method, Object @Nullable [] args) throws Throwable {
    if (args != null && args.length > 0 && args[0] instanceof String sql) {
      if (sql.startsWith("SET TRANSACTION ")) {
        return false;
      } else if (sql.startsWith("SET ")) {
        args[0] = "SET LOCAL " + sql.substring("SET ".length());
      }
    }
    return call(owned, method, args);
  }

  private static @Nullable Object call(Object on, Method method, Object @Nullable [] args)
      throws Throwable {
    try {
      return method.invoke(on, args);
    } catch (InvocationTargetException e) {
      throw e.getTargetException();
    }
  }

  private static <T> T proxy(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  @Override
  public Connection getConnection() throws IOException {
    try {
      if (lent.isClosed()) {
        throw new IOException("the connection is closed");
      }
      return lent;
    } catch (SQLException e) {
      throw new IOException(e);
    }
  }

  @Override
  public String getBatchDelimiter() {
    return "";
  }

  @Override
  public String getUrl() {
    return "";
  }
}
