package io.sparring.pipeline;

import java.util.List;

/**
 * Keys {@code staleness.*} of a run: how old adversarial batches may be.
 *
 * @param atMost the window W, in batches; unused where {@code exactly} is set
 * @param exactly L: batch n is crafted against the last publishing step at or below max(0, n - L); -1 for none
 * @param policy what becomes of a batch that is more stale all the same: train, refresh or drop
 * @param refreshAbove staleness above which a batch is refreshed where that is the policy; -1: that which the run allows
 * @param refreshSteps attack steps with the current weights that refreshing means
 * @param craftAfterSeconds seconds after which the trainer crafts a missing batch itself
 */
public record StalenessSettings(int atMost, int exactly, String policy, int refreshAbove, int refreshSteps, int craftAfterSeconds) {

    public StalenessSettings {
        Setting.atLeast("staleness.atMost", atMost, 0);
        Setting.between("staleness.exactly", exactly, -1, 10_000);
        Setting.oneOf("staleness.policy", policy, List.of("train", "refresh", "drop"));
        Setting.between("staleness.refreshAbove", refreshAbove, -1, 10_000);
        Setting.between("staleness.refreshSteps", refreshSteps, 1, 1000);
        Setting.atLeast("staleness.craftAfterSeconds", craftAfterSeconds, 1);
    }
}
