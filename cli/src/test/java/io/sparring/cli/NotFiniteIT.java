package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.schemas.Outcome;
import io.sparring.schemas.RunTopic;
import io.sparring.schemas.TrainingStep;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Where {@code optimizer.notFinite} is refuse, a trainer goes back from NaN to what is committed and refuses what made it. */
class NotFiniteIT {

    @RegisterExtension
    static final SharedBroker BROKER = new SharedBroker();

    private static final int BATCHES = 40;
    /** Each in the middle of an interval of ten, the second behind a good batch. */
    private static final List<Long> BAD = List.of(13L, 15L);

    @TempDir
    Path folder;

    @Test
    void whatMakesTheWeightsInfiniteIsRefusedAndTheRestIsTrained() throws Exception {
        Map<String, String> settings = Map.of("data.batches", "" + BATCHES, "optimizer.notFinite", "refuse",
                "optimizer.schedule", "constant", "publishing.interval", "10");
        try (ServiceChildren services = ServiceChildren.of("nan-" + UUID.randomUUID(), settings, BROKER.bootstrapServers(),
                folder)) {
            List<ChildProcess> children = new ArrayList<>();
            children.add(services.start("producer", "producer"));
            children.add(services.start("trainer", "trainer"));
            services.awaitLogged("trainer", "goes on from update 0/0");
            // without an attacker no batch can be taken before all is set
            for (long bad : BAD) {
                services.run(0, "change", "--from", "" + bad, "--set", "optimizer.learningRate=1e30",
                        "--set", "objective.lambda=1e30");
                services.run(0, "change", "--from", "" + (bad + 1));
            }
            children.add(services.start("attacker", "attacker"));
            services.awaitBatches(BATCHES);

            List<TrainingStep> steps = services.topics().numbered(RunTopic.TRAINING_STEPS, TrainingStep.class).stream()
                    .map(RunLog.Entry::value).toList();
            assertThat(steps).hasSize(BATCHES).allSatisfy(step -> {
                boolean bad = BAD.contains(step.getBatchNumber());
                assertThat(step.getOutcome()).as("batch %d: %s", step.getBatchNumber(), step.getReason())
                        .isIn(bad ? List.of(Outcome.REFUSED) : List.of(Outcome.TRAINED, Outcome.REFRESHED));
                assertThat(step.getIncarnation()).isZero();
            });
            assertThat(steps.stream().filter(step -> step.getOutcome() == Outcome.REFUSED))
                    .extracting(TrainingStep::getReason).allMatch(reason -> reason.contains("finite"));
            assertThat(children).allMatch(ChildProcess::isAlive);
            assertThat(services.log("trainer")).content().contains("are taken again to find the cause")
                    .doesNotContain("NOT reached");
            assertThat(services.broken()).isEmpty();
        }
    }
}
