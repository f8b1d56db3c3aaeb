package io.whimbrel.local;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** The stack's identity provider as a process. Arguments: its port, the stack's home. */
final class OidcMain {

  private OidcMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    int port = Integer.parseInt(arguments[0]);
    Credentials credentials = Credentials.of(Path.of(arguments[1]));
    try (OidcProvider provider =
        OidcProvider.start(
            port,
            credentials.get(Credentials.SIGNING_KEY),
            credentials.get(Credentials.CLIENT_SECRET))) {
      System.out.println("Issuer " + provider.issuer());
      new CountDownLatch(1).await();
    }
  }
}
