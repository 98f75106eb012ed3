package io.sparring.producer;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One file from the web, by HTTP.
 *
 * @param uri where it is
 * @param patience how long it may take until the first byte and from then on without a byte; a machine that is off the net
 *     finds out within it
 */
record Download(URI uri, Duration patience) {

    private static final Duration CONNECTING = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    Download(URI uri) {
        this(uri, PATIENCE);
    }

    /** @throws IOException if the file is not wholly there at the end; it names the URI */
    void to(Path target) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(CONNECTING).followRedirects(HttpClient.Redirect.NORMAL).build();
        CompletableFuture<HttpResponse<Path>> response =
                client.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofFile(target));
        try {
            int status = completed(response, target).statusCode();
            if (status != 200) {
                throw new IOException("%s: HTTP status %d; expected: 200".formatted(uri, status));
            }
        } catch (ExecutionException e) {
            // the exception for an unknown host has no message, its class says it
            throw new IOException("%s: %s".formatted(uri, innermost(e)), e);
        } finally {
            response.cancel(true);
        }
    }

    /** The client's own timeouts end with the headers and leave out the look-up of the host: this one covers all. */
    private HttpResponse<Path> completed(CompletableFuture<HttpResponse<Path>> response, Path target)
            throws IOException, InterruptedException, ExecutionException {
        long received = 0;
        while (true) {
            try {
                return response.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                long now = Files.exists(target) ? Files.size(target) : 0;
                if (now == received) {
                    throw new IOException("%s: nothing received for %d ms".formatted(uri, patience.toMillis()), e);
                }
                received = now;
            }
        }
    }

    private static Throwable innermost(Throwable failure) {
        return failure.getCause() == null ? failure : innermost(failure.getCause());
    }
}
