package io.sparring.pipeline;

/**
 * Keys {@code publishing.*} of a run: how often the trainer commits.
 *
 * @param interval batches between two updates
 * @param checkpointEvery updates between two checkpoints
 */
public record PublishingSettings(int interval, int checkpointEvery) {

    public PublishingSettings {
        Setting.atLeast("publishing.interval", interval, 1);
        Setting.atLeast("publishing.checkpointEvery", checkpointEvery, 1);
    }
}
