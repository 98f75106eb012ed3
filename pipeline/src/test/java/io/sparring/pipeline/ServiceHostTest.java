package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sparring.schemas.ServiceState;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The cluster of these hosts cannot be reached: nobody listens at port 1. */
@Timeout(120)
class ServiceHostTest {

    private static final KafkaSettings NOBODY = KafkaSettings.of("127.0.0.1:1");
    private static final HttpSettings ANY_PORT = new HttpSettings("127.0.0.1", 0);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofSeconds(15);

    private final HttpClient http = HttpClient.newHttpClient();
    private final FakeService service = new FakeService();
    private ServiceHost host;

    @AfterEach
    void close() {
        if (host != null) {
            host.close();
        }
    }

    @Test
    void aServiceThatWorksIsLive() throws Exception {
        start();
        HttpResponse<String> answer = get("/health/live");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(new JsonObject(answer.body()))
                .isEqualTo(new JsonObject().put("status", "UP").put("service", "fake").put("state", "RUNNING"));
        assertThat(get("/elsewhere").statusCode()).isEqualTo(404);
        assertThat(service.runInLog).isEqualTo("run");
        assertThat(service.started.join().instance()).isEqualTo("fake-1");
    }

    @Test
    void itIsNotReadyWhileTheClusterCannotBeReached() throws Exception {
        start();
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(get("/health/ready").statusCode()).isEqualTo(503));
        assertThat(new JsonObject(get("/health/ready").body()).getString("reason")).startsWith("the cluster cannot be reached: ");
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    void metricsNameTheRunTheServiceAndTheInstance() throws Exception {
        start();
        HttpResponse<String> metrics = get("/metrics");
        assertThat(metrics.statusCode()).isEqualTo(200);
        assertThat(metrics.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
        String tags = "instance_name=\"fake-1\",run=\"run\",service=\"fake\"";
        assertThat(metrics.body().lines()).contains("sparring_batches_total{" + tags + "} 1.0",
                "sparring_images_total{" + tags + "} 128.0",
                "sparring_state{instance_name=\"fake-1\",run=\"run\",service=\"fake\",state=\"RUNNING\"} 1.0");
        assertThat(metrics.body()).contains("jvm_memory_used_bytes", "system_cpu_count");
        await().atMost(PATIENCE).untilAsserted(() ->
                assertThat(get("/metrics").body()).contains("vertx_http_server_requests_total"));
    }

    @Test
    void aServiceWhoseThreadHasFailedIsNotLive() throws Exception {
        start();
        service.exception = new IllegalStateException("out of batches");
        assertThatThrownBy(() -> host.ended().get(30, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("out of batches");
        HttpResponse<String> answer = get("/health/live");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(new JsonObject(answer.body())).isEqualTo(new JsonObject().put("status", "DOWN").put("service", "fake")
                .put("state", "STOPPED").put("reason", "the service's thread has ended"));
    }

    @Test
    void aRefusalEndsItWithAnErrorThatSaysAll() throws Exception {
        start();
        service.exception = new KafkaException("in an error state", GroupAuthorizationException.forGroupId("run.fakes"));
        assertThatThrownBy(() -> host.ended().get(30, TimeUnit.SECONDS)).cause().isInstanceOf(KafkaRefusedException.class)
                .hasMessageStartingWith("Kafka: Not authorized to access group: run.fakes; ");
    }

    @Test
    void anErrorEndsItTooRatherThanLeaveAHostWithoutItsService() throws Exception {
        start();
        service.error = new OutOfMemoryError("weights");
        assertThatThrownBy(() -> host.ended().get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(OutOfMemoryError.class);
        assertThat(get("/health/live").statusCode()).isEqualTo(503);
    }

    @Test
    void closingStopsTheServiceAndAllThatTheHostHas() throws Exception {
        start();
        String address = host.address();
        long start = System.nanoTime();
        host.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).as("though the cluster cannot be reached").isLessThan(SOON);
        assertThat(service.stopped).isTrue();
        assertThat(host.ended()).isCompleted();
        assertThat(service.started.join().status().state()).isEqualTo(ServiceState.STOPPED);
        assertThatThrownBy(() -> get(address, "/health/live")).isInstanceOf(IOException.class);
        assertNothingIsLeft();
    }

    @Test
    void closingAfterAFailureReturnsToo() throws Exception {
        start();
        service.exception = new IllegalStateException("out of batches");
        long start = System.nanoTime();
        host.close();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
        assertThat(host.ended()).isDone();
        assertNothingIsLeft();
    }

    @Test
    void aPortInUseIsOneClearError() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            HttpSettings samePort = new HttpSettings("127.0.0.1", taken.getLocalPort());
            assertThatThrownBy(() -> ServiceHost.start(service, "run", "fake-1", NOBODY, samePort))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("http: cannot listen on 127.0.0.1:" + taken.getLocalPort() + ": ")
                    .hasMessageContaining("Address already in use");
        }
        assertThat(service.started).as("a service is not begun without its endpoints").isNotDone();
        assertNothingIsLeft();
    }

    @Test
    void settingsThatKafkaRefusesLeaveNothingBehind() {
        assertThatThrownBy(() -> ServiceHost.start(service, "run", "fake-1", KafkaSettings.of("no port"), ANY_PORT))
                .isInstanceOf(KafkaException.class).hasRootCauseMessage("Invalid url in bootstrap.servers: no port");
        assertNothingIsLeft();
    }

    private void start() throws Exception {
        host = ServiceHost.start(service, "run", "fake-1", NOBODY, ANY_PORT);
        assertThat(host.address()).matches("127\\.0\\.0\\.1:[1-9]\\d*");
        service.started.get(30, TimeUnit.SECONDS);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return get(host.address(), path);
    }

    private HttpResponse<String> get(String address, String path) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create("http://" + address + path)).timeout(Duration.ofSeconds(30)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static void assertNothingIsLeft() {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(threads()).noneMatch(name ->
                name.equals("fake") || name.startsWith("vert.x-") || name.startsWith("kafka-producer-network-thread")));
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).collect(Collectors.toSet());
    }
}
