package io.sparring.cli;

import static org.awaitility.Awaitility.await;

import io.sparring.pipeline.HttpSettings;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.Service;
import io.sparring.pipeline.ServiceHost;
import io.sparring.pipeline.Tracing;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** The services of a run in this JVM. */
final class ServiceHosts implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(3);

    private final KafkaSettings kafka;
    private final String run;
    private final Tracing tracing;
    private final List<ServiceHost> hosts = new ArrayList<>();
    private final HttpClient http = HttpClient.newHttpClient();

    ServiceHosts(KafkaSettings kafka, String run) {
        this(kafka, run, Tracing.OFF);
    }

    /** @param tracing of all of them */
    ServiceHosts(KafkaSettings kafka, String run, Tracing tracing) {
        this.tracing = tracing;
        this.kafka = kafka;
        this.run = run;
    }

    ServiceHost start(Service service, String instance) {
        ServiceHost host = ServiceHost.start(service, run, instance, kafka, new HttpSettings("127.0.0.1", 0), tracing);
        hosts.add(host);
        return host;
    }

    /** Those that have not ended, in the order of their starts. */
    List<ServiceHost> running() {
        return hosts.stream().filter(host -> !host.ended().isDone()).toList();
    }

    /** Waits for the condition, unless a service fails meanwhile: then that is the failure. */
    void awaitThat(Callable<Boolean> condition) {
        await().atMost(LIMIT).until(() -> {
            hosts.stream().filter(host -> host.ended().isDone()).forEach(host -> host.ended().join());
            return condition.call();
        });
    }

    boolean ready(ServiceHost host) {
        return get(host, "/health/ready").statusCode() == 200;
    }

    HttpResponse<String> get(ServiceHost host, String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + host.address() + path)).build();
        return http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).join();
    }

    @Override
    public void close() {
        hosts.forEach(ServiceHost::close);
    }
}
