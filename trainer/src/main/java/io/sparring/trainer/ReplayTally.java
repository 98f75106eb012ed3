package io.sparring.trainer;

import io.sparring.learning.Platform;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.UpdateIdentity;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What a replay has found up to now. */
final class ReplayTally {

    private final UpdateIdentity beginsAt;
    private final Consumer<String> say;
    private final List<ReplayResult.Incarnation> incarnations = new ArrayList<>();
    private final Set<String> recordedPlatforms = new LinkedHashSet<>();
    private final Set<String> craftingPlatforms = new LinkedHashSet<>();
    private final Set<String> platformDifferences = new LinkedHashSet<>();
    private String platform = "";
    private long batches;
    private long steps;
    private long updates;
    private long identical;
    private long averages;
    private long averagesIdentical;
    private String firstDifference;
    private String otherLoss;
    private long recrafted;
    private long recraftedIdentical;
    private long updatesGone;

    /** @param say told, in a line each, what is worth knowing before the end */
    ReplayTally(UpdateIdentity beginsAt, Consumer<String> say) {
        this.beginsAt = beginsAt;
        this.say = say;
    }

    /** From here on the run was trained on {@code recorded} (null where that is not recorded), and is replayed on {@code here}. */
    void trainedOn(String recorded, String here) {
        platform = here;
        if (recorded != null && recordedPlatforms.add(recorded)) {
            compare("", recorded, here);
        }
    }

    /** A batch was crafted on {@code recorded} (null where that is not recorded), and again on {@code here}. */
    void craftedOn(String recorded, String here) {
        if (recorded != null && craftingPlatforms.add(recorded)) {
            compare("crafting, ", recorded, here);
        }
    }

    private void compare(String what, String recorded, String here) {
        List<String> differences = Platform.parse(recorded).map(one -> one.differences(Platform.parse(here).orElseThrow()))
                .orElseGet(() -> List.of("platform: " + recorded + " and " + here)).stream().map(what::concat).toList();
        if (platformDifferences.addAll(differences)) {
            say.accept("this does not compute as was recorded, so bits may differ: recorded and here "
                    + String.join("; ", differences));
        }
    }

    void incarnation(int incarnation, long step, long batch, boolean continuous) {
        incarnations.add(new ReplayResult.Incarnation(incarnation, step, batch, continuous));
        if (incarnations.size() > 1) {
            say.accept("incarnation " + incarnation + " begins at step " + step + " with batch " + batch + (continuous
                    ? ", with the weights that the last one ended with" : ", with the weights of its checkpoint"));
        }
    }

    void batch(boolean moved) {
        batches++;
        steps += moved ? 1 : 0;
    }

    /** A batch had another loss than was recorded, which is seen before its weights are. */
    void loss(TrainingStep recorded, TrainingStep again) {
        if (otherLoss == null && Float.compare(recorded.getLoss(), again.getLoss()) != 0) {
            otherLoss = "; the first other loss is that of batch " + recorded.getBatchNumber() + ", " + again.getLoss()
                    + " instead of " + recorded.getLoss();
        }
    }

    /** The weights after a publishing step; says whether they are the recorded ones. */
    boolean weights(TrainingStep recorded, String sha256) {
        updates++;
        boolean same = sha256.equals(recorded.getWeightsSha256());
        if (same) {
            identical++;
        } else {
            differs("update " + recorded.getIncarnation() + "/" + recorded.getStep() + " after batch " + recorded.getBatchNumber()
                    + ": the weights have the SHA-256 " + sha256 + ", recorded is " + recorded.getWeightsSha256()
                    + (otherLoss == null ? "" : otherLoss));
        }
        return same;
    }

    /** The averaged weights of the same update; says whether they are the recorded ones. */
    boolean averages(TrainingStep recorded, String recordedSha256, String sha256) {
        averages++;
        boolean same = sha256.equals(recordedSha256);
        if (same) {
            averagesIdentical++;
        } else {
            differs("update " + recorded.getIncarnation() + "/" + recorded.getStep() + " after batch " + recorded.getBatchNumber()
                    + ": the averaged weights have the SHA-256 " + sha256 + ", recorded is " + recordedSha256);
        }
        return same;
    }

    void recrafted(boolean same) {
        recrafted++;
        recraftedIdentical += same ? 1 : 0;
    }

    void updateGone() {
        updatesGone++;
    }

    void differs(String what) {
        if (firstDifference == null) {
            firstDifference = what;
        }
    }

    /** How far the replay is, as one line. */
    String progress() {
        return String.format(Locale.ROOT, "%,d batches, %,d steps; %,d of %,d updates identical%s", batches, steps, identical, updates,
                recrafted == 0 ? "" : String.format(Locale.ROOT, "; %,d of %,d perturbations", recraftedIdentical, recrafted));
    }

    ReplayResult result(String run, double seconds) {
        return new ReplayResult(run, beginsAt.key(), batches, steps, updates, identical, averages,
                averagesIdentical, firstDifference, recrafted, recraftedIdentical, updatesGone, List.copyOf(incarnations), platform, List.copyOf(recordedPlatforms),
                List.copyOf(platformDifferences), seconds);
    }
}
