package io.whimbrel.gateway.support;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A reader of server-sent events. */
public final class EventStream implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Stream<String> source;
  private final Thread reader;

  private EventStream(Stream<String> source) {
    this.source = source;
    this.reader = new Thread(this::read, "event-stream");
    reader.setDaemon(true);
  }

  public static EventStream open(URI uri, String token, @Nullable String lastEventId) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("Authorization", "Bearer " + token)
            .header("Accept", "text/event-stream");
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    try {
      HttpResponse<Stream<String>> response =
          HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofLines());
      if (response.statusCode() != 200) {
        throw new IllegalStateException("Answered " + response.statusCode());
      }
      EventStream stream = new EventStream(response.body());
      stream.reader.start();
      return stream;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public void awaitEvents(int count) {
    await().atMost(PATIENCE).until(() -> ids().size() >= count);
  }

  public void awaitEnd() {
    await().atMost(PATIENCE).until(() -> !reader.isAlive());
  }

  public List<String> ids() {
    return values("id:");
  }

  public List<String> names() {
    return values("event:");
  }

  public String data(int index) {
    return values("data:").get(index);
  }

  public long comments() {
    return lines.stream().filter(line -> line.startsWith(":")).count();
  }

  @Override
  public void close() {
    source.close();
  }

  private void read() {
    try {
      source.forEach(lines::add);
    } catch (UncheckedIOException closed) {
      // The reader has gone, or the stream was cut; either way it is over.
    }
  }

  private List<String> values(String field) {
    return lines.stream()
        .filter(line -> line.startsWith(field))
        .map(line -> line.substring(field.length()).strip())
        .toList();
  }
}
