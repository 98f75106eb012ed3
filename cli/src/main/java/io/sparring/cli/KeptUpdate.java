package io.sparring.cli;

import io.sparring.pipeline.KafkaSettings;
import io.sparring.pipeline.ProgramPin;
import io.sparring.pipeline.PublishedProgram;
import io.sparring.pipeline.PublishedUpdates;
import io.sparring.pipeline.RunRegistry;
import io.sparring.pipeline.Update;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.trainer.RunProgram;
import java.util.Optional;

/**
 * An update that a run keeps, with the program that it is of.
 *
 * @param update with the weights that are for use: the averaged ones where the run averages
 */
record KeptUpdate(PublishedProgram published, Update update) {

    /**
     * Reads it from the run's topics.
     *
     * @param wanted nothing for the newest
     * @throws IllegalArgumentException if the run does not keep it
     * @throws IllegalStateException if the run has none yet
     */
    static KeptUpdate of(String run, KafkaSettings kafka, ProgramPin pin, Optional<UpdateIdentity> wanted) {
        PublishedProgram published = pin.require(RunRegistry.read(kafka, run).orElseThrow(
                () -> new IllegalStateException("run " + run + " is not published yet; its trainer sees to that")));
        PublishedUpdates updates = PublishedUpdates.of(kafka, run, RunProgram.exported(published.specification()));
        return new KeptUpdate(published, wanted.map(identity -> updates.find(identity).orElseThrow(
                () -> new IllegalArgumentException("--update: '" + identity + "' is not allowed; allowed: an update that run "
                        + run + " keeps")))
                .orElseGet(() -> updates.newest().orElseThrow(
                        () -> new IllegalStateException("run " + run + " has no weights yet; its trainer sees to that"))));
    }
}
