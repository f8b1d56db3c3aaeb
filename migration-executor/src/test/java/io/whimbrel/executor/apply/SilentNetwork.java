package io.whimbrel.executor.apply;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A network between a client and a server that can fall silent without a connection closing. */
final class SilentNetwork implements AutoCloseable {

  private final ServerSocket entrance = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final int server;
  private final List<Line> lines = new CopyOnWriteArrayList<>();
  private volatile boolean silentForAll;

  SilentNetwork(int server) throws IOException {
    this.server = server;
    daemon(this::accept);
  }

  int port() {
    return entrance.getLocalPort();
  }

  /** The connections there are carry nothing more; new ones do. */
  void loseConnections() {
    lines.forEach(line -> line.silent = true);
  }

  /** Nothing is carried any more. */
  void fallSilent() {
    silentForAll = true;
  }

  @Override
  public void close() throws IOException {
    entrance.close();
    for (Line line : lines) {
      line.client.close();
      line.upstream.close();
    }
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = entrance.accept();
      Line line = new Line(client, new Socket(InetAddress.getLoopbackAddress(), server));
      lines.add(line);
      daemon(() -> line.carry(client, line.upstream));
      daemon(() -> line.carry(line.upstream, client));
    }
  }

  private final class Line {
    private final Socket client;
    private final Socket upstream;
    private volatile boolean silent;

    Line(Socket client, Socket upstream) {
      this.client = client;
      this.upstream = upstream;
    }

    void carry(Socket from, Socket to) throws IOException {
      byte[] buffer = new byte[8192];
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (!silent && !silentForAll) {
          out.write(buffer, 0, read);
        }
      }
      if (!silent && !silentForAll) {
        to.close();
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
                // The test is over, or one side has closed.
              }
            },
            "silent-network");
    thread.setDaemon(true);
    thread.start();
  }
}
