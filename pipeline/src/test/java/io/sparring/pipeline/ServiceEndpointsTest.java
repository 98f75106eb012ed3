package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.sparring.schemas.ServiceState;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServiceEndpointsTest {

    private final Vertx vertx = Vertx.vertx();
    private final FakeService service = new FakeService();
    private volatile boolean alive = true;
    private volatile String unreachable;
    private HttpServer server;

    @BeforeEach
    void serve() throws Exception {
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        StatusBoard status = new StatusBoard(new SettableClock(0), meters);
        status.state(ServiceState.RUNNING);
        ServiceEndpoints endpoints =
                new ServiceEndpoints(service, status, meters, () -> alive, () -> Optional.ofNullable(unreachable));
        server = vertx.createHttpServer().requestHandler(endpoints.router(vertx, new HttpSettings("127.0.0.1", 0))).listen(0, "127.0.0.1")
                .toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    @Test
    void aServiceThatWorksIsLiveAndReady() throws Exception {
        for (String path : new String[] {"/health/live", "/health/ready"}) {
            HttpResponse<String> answer = get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(200);
            assertThat(new JsonObject(answer.body())).as(path)
                    .isEqualTo(new JsonObject().put("status", "UP").put("service", "fake").put("state", "RUNNING"));
        }
    }

    @Test
    void aServiceThatIsNotReadySaysWhyAndStaysLive() throws Exception {
        service.notReady = "no partition \"assigned\" yet";
        assertNotReady("no partition \"assigned\" yet");

        service.notReady = null;
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);
    }

    @Test
    void aServiceThatCannotReachTheClusterIsNotReadyWhateverItSaysAndStaysLive() throws Exception {
        unreachable = "the cluster cannot be reached: nobody there";
        assertNotReady("the cluster cannot be reached: nobody there");

        unreachable = null;
        assertThat(get("/health/ready").statusCode()).isEqualTo(200);
    }

    private void assertNotReady(String reason) throws Exception {
        HttpResponse<String> answer = get("/health/ready");
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(new JsonObject(answer.body())).isEqualTo(new JsonObject().put("status", "DOWN").put("service", "fake")
                .put("state", "RUNNING").put("reason", reason));
        assertThat(get("/health/live").statusCode()).isEqualTo(200);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HttpClient.newHttpClient().send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path))
                        .timeout(Duration.ofSeconds(30)).build(), HttpResponse.BodyHandlers.ofString());
    }
}
