package io.sparring.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sparring.pipeline.HttpSettings;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class DashboardTest {

    private static final RunFacts FACTS = new RunFacts("fashion", "fashion-mnist", "cnn4", 16, "pgd-at+rpat", 10, 0.1f, "linf", 500,
            128, "pgd-20", List.of("T-shirt/top", "Trouser"), "Kafka at 127.0.0.1:9092");

    private final FakeTopics topics = FakeTopics.all();
    private final HttpClient http = HttpClient.newHttpClient();
    private Dashboard dashboard;

    @BeforeEach
    void start() {
        topics.append(RunTopic.TRAINING_STEPS, TrainingStep.class, MadeRecords.trained(0, 0, 1, 2f));
        dashboard = start(0);
    }

    @AfterEach
    void close() {
        dashboard.close();
    }

    private Dashboard start(int port) {
        return Dashboard.start(FACTS, new TopicReader("fashion", topics::reader, Clock.systemUTC()),
                new HttpSettings("127.0.0.1", port), Clock.systemUTC());
    }

    @ParameterizedTest
    @CsvSource({"'',text/html", "index.html,text/html", "page.css,text/css", "main.js,text/javascript", "icon.svg,image/svg+xml",
        "uplot/uPlot.esm.js,text/javascript", "uplot/uPlot.min.css,text/css"})
    void servesThePageAndItsFilesAndLetsTheBrowserLoadNothingElse(String path, String type) throws Exception {
        HttpResponse<String> answer = get(path);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isNotBlank();
        assertThat(answer.headers().firstValue("Content-Type").orElseThrow()).startsWith(type);
        assertThat(answer.headers().firstValue("Content-Security-Policy")).hasValueSatisfying(policy ->
                assertThat(policy).contains("default-src 'none'", "script-src 'self';", "style-src 'self';").doesNotContain("unsafe"));
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    }

    /** What the policy would forbid is not there to begin with, and nothing is fetched from elsewhere. */
    @Test
    void thePageHasNothingInlineAndNothingFromElsewhere() throws Exception {
        assertThat(get("").body()).doesNotContainPattern("<script(?![^>]*src=)").doesNotContainPattern("\\s(style|on\\w+)=")
                .doesNotContain("http:", "https:", "//");
        for (String file : List.of("main.js", "live.js", "chart.js", "charts.js", "parts.js", "samples.js", "dom.js", "format.js")) {
            assertThat(get(file).body()).as(file).doesNotContain("innerHTML", "insertAdjacentHTML", "eval(", "http://", "https://");
        }
    }

    @ParameterizedTest
    @CsvSource({"nothing", "../pom.xml", "uplot/../../../../MANIFEST.MF", "%2e%2e/RunView.class", "RunView.class", "uplot/LICENSE"})
    void servesNothingElse(String path) throws Exception {
        assertThat(get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void tellsItsStateAsJson() throws Exception {
        awaitReady();
        JsonNode state = new ObjectMapper().readTree(get("state").body());
        assertThat(state.get("run").get("run").textValue()).isEqualTo("fashion");
        assertThat(state.get("progress").get("batches").longValue()).isEqualTo(1);
        assertThat(state.get("reading").get("caughtUp").booleanValue()).isTrue();
    }

    @Test
    void sendsWhatThereIsAndThenWhatChanges() throws Exception {
        awaitReady();
        try (Events events = new Events(null)) {
            List<String> names = events.until("alarms");
            assertThat(names).contains("run", "reading", "progress", "training", "accuracy", "services", "letters");
            topics.append(RunTopic.TRAINING_STEPS, TrainingStep.class, MadeRecords.trained(1, 0, 2, 1f));
            events.until("progress");
            assertThat(new ObjectMapper().readTree(events.data).get("batches").longValue()).isEqualTo(2);
        }
    }

    @Test
    void whoComesAgainGetsOnlyWhatChangedMeanwhile() throws Exception {
        awaitReady();
        String last;
        try (Events events = new Events(null)) {
            events.until("alarms");
            last = events.id;
        }
        topics.append(MadeRecords.letter(0, "fashion.clean-batches", 5, "sha256: 00; allowed: ff"));
        try (Events events = new Events(last)) {
            assertThat(events.until("letters")).doesNotContain("run", "accuracy", "training", "alarms");
        }
        try (Events events = new Events("anotherprocess-99")) {
            // in the order of their last changes, the letters' being the newest
            assertThat(events.until("letters")).contains("run", "accuracy", "alarms");
        }
    }

    @Test
    void isReadyOnceItHasReadAndWhileItCanReadOn() throws Exception {
        awaitReady();
        topics.fail(new TimeoutException("no answer"));
        await().untilAsserted(() -> {
            assertThat(get("health/ready").statusCode()).isEqualTo(503);
            assertThat(get("health/ready").body()).contains("The cluster cannot be reached.");
        });
        assertThat(get("health/live").statusCode()).isEqualTo(200);
    }

    /** Such as a page elsewhere whose name was made to resolve to 127.0.0.1. */
    @Test
    void answersOnLoopbackToNamesOfThisMachineOnly() throws Exception {
        URI at = URI.create(dashboard.address());
        for (String host : List.of("localhost:" + at.getPort(), "127.0.0.1:" + at.getPort(), "evil.example:" + at.getPort(), "evil.example")) {
            try (Socket socket = new Socket("127.0.0.1", at.getPort())) {
                new PrintStream(socket.getOutputStream(), true, StandardCharsets.US_ASCII)
                        .print("GET /state HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
                String status = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine();
                assertThat(status).as(host).contains(host.startsWith("evil") ? "403" : "200");
            }
        }
    }

    @Test
    void aPortThatIsTakenIsOneError() {
        int port = URI.create(dashboard.address()).getPort();
        assertThatThrownBy(() -> start(port)).isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("dashboard: cannot listen on 127.0.0.1:" + port + ": ").hasMessageContaining("in use");
    }

    @Test
    void onlySoManyPagesAreServedAtOnce() throws Exception {
        List<Events> open = new ArrayList<>();
        try {
            for (int i = 0; i < Dashboard.MOST_STREAMS; i++) {
                open.add(new Events(null));
            }
            HttpResponse<String> answer = get("events");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("64 open pages");
            open.remove(0).close();
            await().untilAsserted(() -> new Events(null).close());
        } finally {
            for (Events events : open) {
                events.close();
            }
        }
    }

    private void awaitReady() {
        await().until(() -> get("health/ready").statusCode() == 200);
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(dashboard.address() + path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** A browser's side of the events. */
    private final class Events implements AutoCloseable {

        private final BufferedReader lines;
        private String id;
        private String data;

        Events(String lastId) throws IOException, InterruptedException {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(dashboard.address() + "events"));
            if (lastId != null) {
                request.header("Last-Event-ID", lastId);
            }
            HttpResponse<InputStream> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/event-stream; charset=utf-8");
            lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        }

        /** The names of the events up to the next one of that name, whose id and data are then known. */
        List<String> until(String name) throws IOException {
            List<String> names = new ArrayList<>();
            String event = null;
            while (true) {
                String line = lines.readLine();
                assertThat(line).as("the stream has not ended").isNotNull();
                if (line.startsWith("event: ")) {
                    event = line.substring(7);
                    names.add(event);
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                } else if (line.isEmpty() && name.equals(event)) {
                    return names;
                }
            }
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
