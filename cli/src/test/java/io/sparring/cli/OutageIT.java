package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sparring.cli.RunLog.Entry;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.RunTopic;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run depends on is away for a while: its services wait, say so, and go on; nobody has to start them again. */
class OutageIT {

    /** Longer than transactions may be open and members may be silent. {@code -Doutage.seconds=60} for a whole minute. */
    private static final Duration AWAY = Duration.ofSeconds(Integer.getInteger("outage.seconds", 15));
    private static final Duration SESSION = Duration.ofSeconds(6);
    private static final int BATCHES = 400;
    private static final int LEAD = 24;
    private static final Map<String, String> VALUES =
            Map.of("data.batches", "" + BATCHES, "data.lead", "" + LEAD, "log", "keep");

    @TempDir
    Path folder;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void servicesWaitForABrokerThatIsGoneAndSaySoAndGoOn() throws Exception {
        try (MortalBroker broker = MortalBroker.start(folder.resolve("broker"));
                ServiceChildren services = ServiceChildren.of("outage-" + UUID.randomUUID(), VALUES, broker.bootstrapServers(),
                        folder)) {
            List<ChildProcess> children = services.startAll();
            services.awaitBatches(20);
            for (ChildProcess child : children) {
                awaitReadiness(child, 200);
            }

            broker.kill();
            long gone = System.nanoTime();
            for (ChildProcess child : children) {
                awaitReadiness(child, 503);
            }
            await().atMost(ServiceChildren.LIMIT.plus(AWAY)).until(() -> System.nanoTime() - gone > AWAY.toNanos());
            assertThat(services.progress().batches()).as("still in the middle").isLessThan(BATCHES);
            assertThat(children).allMatch(ChildProcess::isAlive);

            broker.startAgain();
            for (ChildProcess child : children) {
                awaitReadiness(child, 200);
            }
            services.awaitBatches(BATCHES);
            assertThat(children).allMatch(ChildProcess::isAlive);
            assertThat(services.broken()).isEmpty();
        }
    }

    @Test
    void whoIsSlowHoldsTheOthersUpAndNothingPilesUp() throws Exception {
        try (MortalBroker broker = MortalBroker.start(folder.resolve("broker"));
                ServiceChildren services = ServiceChildren.of("slow-" + UUID.randomUUID(), VALUES, broker.bootstrapServers(),
                        folder)) {
            List<ChildProcess> children = services.startAll();
            services.awaitBatches(20);
            List<ChildProcess> slow = children.stream().filter(child -> List.of("attacker", "evaluator").contains(child.name()))
                    .toList();
            assertThat(slow).hasSize(2);
            for (ChildProcess child : slow) {
                child.signal("STOP");
            }
            try {
                long stopped = System.nanoTime();
                await().atMost(ServiceChildren.LIMIT).until(() -> System.nanoTime() - stopped > SESSION.plusSeconds(4).toNanos());
                long done = services.progress().batches();
                assertThat(done).as("still in the middle").isLessThan(BATCHES);
                List<Entry<Long, ImageBatch>> produced = services.topics().numbered(RunTopic.CLEAN_BATCHES, ImageBatch.class);
                assertThat(produced).extracting(Entry::key).allMatch(number -> number < done + LEAD);
            } finally {
                for (ChildProcess child : slow) {
                    child.signal("CONT");
                }
            }
            services.awaitBatches(BATCHES);
            assertThat(children).allMatch(ChildProcess::isAlive);
            assertThat(services.broken()).isEmpty();
        }
    }

    private void awaitReadiness(ChildProcess child, int expected) throws Exception {
        URI ready = URI.create("http://" + child.awaitReady(ServiceChildren.LIMIT) + "/health/ready");
        await().atMost(ServiceChildren.LIMIT).untilAsserted(() -> {
            HttpResponse<String> answer = http.send(HttpRequest.newBuilder(ready).timeout(Duration.ofSeconds(30)).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(child.name() + ": " + answer.body()).isEqualTo(expected);
        });
    }
}
