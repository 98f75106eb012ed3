package io.sparring.trainer;

import java.util.List;

/**
 * What a replay has found.
 *
 * @param beginsAt update whose checkpoint it began with: {@code 0/0} unless the log is trimmed
 * @param batches training steps that were looked at, whatever their outcome
 * @param steps of them, how many moved the weights
 * @param updates publishing steps at which the weights were compared
 * @param identical of them, how many had the recorded SHA-256
 * @param averages of them, with how many averaged weights were recorded and compared too
 * @param averagesIdentical of those, how many had the recorded SHA-256
 * @param firstDifference one line that names the first batch or step that differs; null if none does
 * @param recrafted perturbations that were crafted again
 * @param recraftedIdentical of them, how many were the recorded ones byte for byte
 * @param updatesGone perturbations that could not be crafted again, since the update they were crafted against is trimmed
 * @param incarnations in their order, the first one included
 * @param platform what this computed on, as {@code Platform} of {@code learning} describes it
 * @param recordedPlatforms what the run was computed on, in the order of its steps
 * @param platformDifferences in what those differ from this machine, for which differing bits are to be expected
 * @param seconds that the replay took
 */
public record ReplayResult(String run, String beginsAt, long batches, long steps, long updates, long identical,
        long averages, long averagesIdentical, String firstDifference, long recrafted, long recraftedIdentical, long updatesGone, List<Incarnation> incarnations,
        String platform, List<String> recordedPlatforms, List<String> platformDifferences, double seconds) {

    /** Whether something was compared, and all that was is as recorded. */
    public boolean allIdentical() {
        return firstDifference == null && updates > 0;
    }

    /**
     * A time within a run that one incarnation number is for.
     *
     * @param incarnation its number
     * @param step at which it began
     * @param batch the first that was taken in it
     * @param continuous whether it went on with the weights that the one before had ended with, bit for bit
     */
    public record Incarnation(int incarnation, long step, long batch, boolean continuous) {
    }
}
