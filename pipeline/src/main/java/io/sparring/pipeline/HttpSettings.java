package io.sparring.pipeline;

import io.vertx.core.http.HttpServerOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.TimeUnit;

/**
 * Where a service's HTTP endpoints listen.
 *
 * @param host address to bind, 127.0.0.1 unless they are to be reached from elsewhere
 * @param port 0 for any free one
 */
public record HttpSettings(String host, int port) {

    /** Of a form: more than a request of images has, each with its label. */
    private static final int MOST_FIELDS = 16_384;
    private static final int LARGEST_FIELD = 128 * 1024;

    public HttpSettings {
        Setting.require(!host.isBlank(), "http.host", host, "an address to bind, such as 127.0.0.1 or 0.0.0.0");
        Setting.between("http.port", port, 0, 65_535);
    }

    /** How a service's server is set up. */
    public static HttpServerOptions serverOptions() {
        return new HttpServerOptions().setMaxFormFields(MOST_FIELDS).setMaxFormAttributeSize(LARGEST_FIELD)
                .setMaxFormBufferedBytes(LARGEST_FIELD)
                // who stops in the midst of a request holds nothing up for ever
                .setIdleTimeout(60).setIdleTimeoutUnit(TimeUnit.SECONDS);
    }

    /** Whether only this machine reaches them. An address that is not known is none of its own. */
    public boolean isLoopback() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
