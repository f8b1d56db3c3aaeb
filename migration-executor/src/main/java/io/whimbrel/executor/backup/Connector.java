package io.whimbrel.executor.backup;

import java.sql.Connection;
import java.sql.SQLException;

/** Opens connections of their own to one database; whoever asks for one closes it. */
@FunctionalInterface
public interface Connector {
  Connection open() throws SQLException;
}
