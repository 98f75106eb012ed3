package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sparring.cli.RunLog.Entry;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Crafted;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Attackers that share out batches rather than partitions. The trainer would wait ten minutes before it crafted one itself. */
class QueueIT {

    @RegisterExtension
    static final SharedBroker BROKER = new SharedBroker();

    private static final int BATCHES = 400;
    private static final int WINDOW = 9;

    @TempDir
    Path folder;

    @Test
    void moreAttackersThanPartitionsShareTheWorkAndThatOfOneThatIsKilled() throws Exception {
        try (ServiceChildren services = children(1)) {
            services.start("producer", "producer");
            // publishes what attackers begin with, and leaves them the time to come, all of them
            ChildProcess first = services.start("trainer", "trainer");
            services.awaitLogged("trainer", "goes on from update");
            assertThat(first.stop(ServiceChildren.LIMIT)).as("stops by itself").isTrue();
            List<ChildProcess> attackers = new ArrayList<>();
            for (String attacker : List.of("attacker-1", "attacker-2", "attacker-3")) {
                attackers.add(services.start("attacker", attacker));
            }
            for (ChildProcess attacker : attackers) {
                String address = attacker.awaitReady(ServiceChildren.LIMIT);
                await().atMost(ServiceChildren.LIMIT).until(() -> ready(address));
            }
            services.start("trainer", "trainer");
            await().atMost(ServiceChildren.LIMIT).until(() -> workers(services).size() == 3);
            attackers.get(0).kill();
            long before = services.progress().batches();
            assertThat(before).as("still in the middle").isLessThan(BATCHES - 2 * WINDOW);
            services.awaitBatches(BATCHES);

            assertComplete(services);
            assertThat(adversarial(services).stream().filter(entry -> entry.key() >= before + 2 * WINDOW)
                    .map(entry -> entry.value().getAttacker()).collect(Collectors.toSet()))
                    .as("who crafted after the kill").containsExactlyInAnyOrder("attacker-2", "attacker-3");
        }
    }

    @Test
    void anAttackerWithoutOthersServesEveryPartition() throws Exception {
        try (ServiceChildren services = children(4)) {
            services.start("producer", "producer");
            services.start("trainer", "trainer");
            ChildProcess attacker = services.start("attacker", "attacker-1");
            String address = attacker.awaitReady(ServiceChildren.LIMIT);
            await().atMost(ServiceChildren.LIMIT).until(() -> ready(address));
            services.awaitBatches(BATCHES / 2);
            assertThat(attacker.stop(ServiceChildren.LIMIT)).as("stops by itself").isTrue();
            services.start("attacker", "attacker-2");
            services.awaitBatches(BATCHES);

            assertComplete(services);
            assertThat(workers(services)).containsExactlyInAnyOrder("attacker-1", "attacker-2");
        }
    }

    private ServiceChildren children(int partitions) throws Exception {
        return ServiceChildren.of("queue-" + UUID.randomUUID(), Map.of("delivery", "queue", "partitions", "" + partitions,
                "data.batches", "" + BATCHES, "data.lead", "24", "publishing.interval", "5", "evaluation.every", "" + BATCHES,
                "staleness.atMost", "" + WINDOW), BROKER.bootstrapServers(), folder);
    }

    private static List<Entry<Long, AdversarialBatch>> adversarial(ServiceChildren services) {
        return services.topics().numbered(RunTopic.ADVERSARIAL_BATCHES, AdversarialBatch.class);
    }

    private static Set<String> workers(ServiceChildren services) {
        return adversarial(services).stream().map(entry -> entry.value().getAttacker()).collect(Collectors.toSet());
    }

    private static void assertComplete(ServiceChildren services) {
        List<TrainingStep> steps = services.topics().numbered(RunTopic.TRAINING_STEPS, TrainingStep.class).stream()
                .map(Entry::value).toList();
        assertThat(steps).extracting(TrainingStep::getBatchNumber)
                .containsExactlyElementsOf(LongStream.range(0, BATCHES).boxed().toList());
        Map<Long, Entry<Long, AdversarialBatch>> first = new HashMap<>();
        adversarial(services).forEach(entry -> first.putIfAbsent(entry.key(), entry));
        assertThat(steps).allSatisfy(step -> {
            assertThat(step.getOutcome()).isIn(Outcome.TRAINED, Outcome.REFRESHED);
            assertThat(step.getStaleness()).isBetween(0L, (long) WINDOW);
            assertThat(step.getAdversarialOffset()).as("the first copy").isEqualTo(first.get(step.getBatchNumber()).offset());
        });
        assertThat(first.values()).allSatisfy(entry -> assertThat(entry.value().getResult()).isInstanceOf(Crafted.class));
        assertThat(services.topics().numbered(RunTopic.DEAD_LETTERS, ImageBatch.class)).isEmpty();
    }

    private static boolean ready(String address) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + "/health/ready")).build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).statusCode() == 200;
    }
}
