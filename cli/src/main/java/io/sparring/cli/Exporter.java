package io.sparring.cli;

import io.sparring.learning.Geometry;
import io.sparring.learning.SafeTensors;
import io.sparring.pipeline.Champions;
import io.sparring.pipeline.FirstBatch;
import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.PublishedProgram;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Update;
import io.sparring.schemas.Champion;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Writes updates of one run as models that need nothing of Sparring. */
final class Exporter {

    private final RunSpecification run;
    private final byte[] program;
    private final Geometry geometry;
    private final Clock clock;

    /**
     * @param program the run's model program
     * @param geometry of the run's images
     */
    Exporter(RunSpecification run, byte[] program, Geometry geometry, Clock clock) {
        this.run = run;
        this.program = program;
        this.geometry = geometry;
        this.clock = clock;
    }

    /** An exporter of a run whose images are taken from its topics, or nothing if there are none yet. */
    static Optional<Exporter> of(PublishedProgram published, KafkaSettings kafka, Clock clock) {
        RunSpecification run = published.specification();
        return FirstBatch.read(kafka, run.run()).map(batch -> new Exporter(run, published.program(),
                new Geometry(batch.getHeight(), batch.getWidth(), batch.getChannels(), batch.getClasses()), clock));
    }

    RunSpecification run() {
        return run;
    }

    /** Writes the update into a folder that is not there yet. */
    ModelDescription write(Path folder, Update update, Gate gate, Map<String, Double> accuracies) throws IOException {
        ModelDescription description = describe(update, gate, accuracies);
        write(folder, update, description);
        return description;
    }

    /** Makes the link point to the update; leaves it alone if it does already. */
    ModelDescription place(ModelLink link, Update update, Gate gate, Map<String, Double> accuracies) throws IOException {
        ModelDescription description = describe(update, gate, accuracies);
        Optional<ModelDescription> current = link.current().filter(description::isSameModel);
        if (current.isEmpty()) {
            link.place(description.folderName(), folder -> write(folder, update, description));
        }
        return current.orElse(description);
    }

    /** Makes what has been exported the run's champion, unless a newer update is. */
    boolean offer(KafkaSettings kafka, ModelDescription exported) {
        return Champions.offer(kafka, run.run(), new Champion(exported.incarnation(), exported.step(),
                exported.weightsSha256(), exported.gate(), exported.accuracies(), Instant.parse(exported.exportedAt())));
    }

    private ModelDescription describe(Update update, Gate gate, Map<String, Double> accuracies) {
        return ModelDescription.of(run, geometry, update, gate, accuracies, Instant.ofEpochMilli(clock.millis()));
    }

    private void write(Path folder, Update update, ModelDescription description) throws IOException {
        ModelFolder.write(folder, program, SafeTensors.decode(update.weights()), description);
    }
}
