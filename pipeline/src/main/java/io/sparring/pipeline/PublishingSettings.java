package io.sparring.pipeline;

/**
 * Keys {@code publishing.*} of a run: how often the trainer commits.
 *
 * @param interval batches between two updates
 * @param checkpointEvery updates between two checkpoints
 * @param checkpointsKept newest checkpoints that trimming leaves, with all that is needed to go on from each
 */
public record PublishingSettings(int interval, int checkpointEvery, int checkpointsKept) {

    public PublishingSettings {
        Setting.atLeast("publishing.interval", interval, 1);
        Setting.atLeast("publishing.checkpointEvery", checkpointEvery, 1);
        Setting.atLeast("publishing.checkpointsKept", checkpointsKept, 1);
    }
}
