package io.sparring.pipeline;

/**
 * Where a service's HTTP endpoints listen.
 *
 * @param host address to bind, 127.0.0.1 unless they are to be reached from elsewhere
 * @param port 0 for any free one
 */
public record HttpSettings(String host, int port) {

    public HttpSettings {
        Setting.require(!host.isBlank(), "http.host", host, "an address to bind, such as 127.0.0.1 or 0.0.0.0");
        Setting.between("http.port", port, 0, 65_535);
    }
}
