package io.whimbrel.executor.backup.s3;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;

/** A network to a server on which every connection breaks once it has brought so many bytes. */
final class BreakingNetwork implements AutoCloseable {
  private final ServerSocket entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final AtomicInteger breaks = new AtomicInteger();
  private final int server;
  private final int lasts;

  BreakingNetwork(int server, int lasts) throws IOException {
    this.server = server;
    this.lasts = lasts;
    daemon(this::accept);
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + entrance.getLocalPort());
  }

  int breaks() {
    return breaks.get();
  }

  @Override
  public void close() throws IOException {
    entrance.close();
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = entrance.accept();
      Socket upstream = new Socket(InetAddress.getLoopbackAddress(), server);
      daemon(() -> client.getInputStream().transferTo(upstream.getOutputStream()));
      daemon(() -> bring(client, upstream));
    }
  }

  private void bring(Socket client, Socket upstream) throws IOException {
    try (client;
        upstream) {
      InputStream in = upstream.getInputStream();
      OutputStream out = client.getOutputStream();
      byte[] buffer = new byte[8192];
      int brought = 0;
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
        brought += read;
        if (brought >= lasts) {
          breaks.incrementAndGet();
          return;
        }
      }
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void daemon(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // The connection is closed, which is what this is for.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }
}
