package io.sparring.pipeline;

import java.util.List;

/**
 * Keys {@code staleness.*} of a run: how old adversarial batches may be.
 *
 * @param atMost the window W, in batches
 * @param policy what becomes of a batch that is more stale: train or drop
 * @param craftAfterSeconds seconds after which the trainer crafts a missing batch itself
 */
public record StalenessSettings(int atMost, String policy, int craftAfterSeconds) {

    public StalenessSettings {
        Setting.atLeast("staleness.atMost", atMost, 0);
        Setting.oneOf("staleness.policy", policy, List.of("train", "drop"));
        Setting.atLeast("staleness.craftAfterSeconds", craftAfterSeconds, 1);
    }
}
