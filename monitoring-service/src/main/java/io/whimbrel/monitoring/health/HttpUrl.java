package io.whimbrel.monitoring.health;

import java.net.URI;
import org.eclipse.microprofile.config.spi.Converter;

/** A setting that is the base URL of a service. */
public class HttpUrl implements Converter<URI> {
  private static final long serialVersionUID = 1;

  /**
   * The URL.
   *
   * @throws IllegalArgumentException if nobody could be asked there
   */
  @Override
  public URI convert(String value) {
    URI url = URI.create(value.strip());
    if (url.getHost() == null || !String.valueOf(url.getScheme()).matches("https?")) {
      throw new IllegalArgumentException(
          "a URL such as http://migration-executor:9000 is expected, not " + value);
    }
    return url;
  }
}
