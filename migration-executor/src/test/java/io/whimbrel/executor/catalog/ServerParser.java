package io.whimbrel.executor.catalog;

import io.whimbrel.local.EmbeddedPostgres;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Asks PostgreSQL whether a text is one statement, by a Parse message of its protocol, which takes
 * no more than one. The driver cannot ask that, as it splits what it is given.
 */
final class ServerParser implements AutoCloseable {

  /** Protocol 3.0. */
  private static final int VERSION = 196_608;

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;

  ServerParser() throws IOException {
    socket = new Socket("localhost", EmbeddedPostgres.shared().port());
    socket.setTcpNoDelay(true);
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    byte[] startup = bytes("user", EmbeddedPostgres.SUPERUSER, "database", "postgres", "");
    out.writeInt(startup.length + 8);
    out.writeInt(VERSION);
    out.write(startup);
    out.flush();
    untilReady();
  }

  /**
   * The message of the server's syntax error (42601); empty if the text is one statement or none.
   */
  String syntaxError(String sql) throws IOException {
    byte[] parse = bytes("", sql);
    out.writeByte('P');
    out.writeInt(parse.length + 6);
    out.write(parse);
    out.writeShort(0);
    out.writeByte('S');
    out.writeInt(4);
    out.flush();
    return untilReady();
  }

  private String untilReady() throws IOException {
    String error = "";
    while (true) {
      char type = (char) in.readByte();
      byte[] body = in.readNBytes(in.readInt() - 4);
      if (type == 'E') {
        String fields = new String(body, StandardCharsets.UTF_8);
        error = fields.contains("\0C42601\0") ? fields.replace('\0', ' ') : "";
      } else if (type == 'Z') {
        return error;
      }
    }
  }

  private static byte[] bytes(String... texts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String text : texts) {
      all.writeBytes(text.getBytes(StandardCharsets.UTF_8));
      all.write(0);
    }
    return all.toByteArray();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
