package io.sparring.dashboard;

import io.sparring.schemas.PrequentialWindow;
import io.sparring.schemas.StreamTally;
import io.sparring.schemas.UpdateIdentity;
import java.util.ArrayList;
import java.util.List;

/**
 * What the updates of the moment made of the stream's images, window by window: of the newest update in each window the latest
 * window. Accuracy on unseen images, with its interval, is that of the topic; on images that came again it is counted here.
 */
final class StreamSeries {

    private final UpdateSeries<PrequentialWindow> windows = new UpdateSeries<>();

    /**
     * Entry i of each list belongs to step i of {@code step}; null where the window has no such images.
     *
     * @param attack the run's training attack; null while there is no window
     * @param shareSeen share of the newest window's images that came again, [0, 1]; null while there is none
     */
    record View(String attack, Double shareSeen, List<Long> step, List<Long> fromBatch, List<Long> toBatch, List<Double> clean,
            List<Double> cleanLower, List<Double> cleanUpper, List<Double> robust, List<Double> robustLower,
            List<Double> robustUpper, List<Double> seenClean, List<Double> seenRobust) {
    }

    /** @throws IllegalArgumentException if its counts cannot be */
    void add(PrequentialWindow window) {
        check("unseen", window.getUnseen());
        check("seen", window.getSeen());
        if (window.getStep() < 0) {
            throw new IllegalArgumentException("step: " + window.getStep() + "; allowed: at least 0");
        }
        windows.put(new UpdateIdentity(window.getIncarnation(), window.getStep()), window);
    }

    private static void check(String name, StreamTally tally) {
        if (tally.getRobust() < 0 || tally.getRobust() > tally.getImages() || tally.getClean() < 0
                || tally.getClean() > tally.getCleanImages()) {
            throw new IllegalArgumentException(name + ": " + tally.getRobust() + " of " + tally.getImages() + " and "
                    + tally.getClean() + " of " + tally.getCleanImages() + " images right; allowed: from none to all of them");
        }
    }

    /** @param incarnations where each began, as far as training steps tell */
    View view(List<TrainingSeries.Beginning> incarnations) {
        View view = new View(windows.isEmpty() ? null : Shown.text(windows.newest().getAttack()),
                windows.isEmpty() ? null : Shown.rounded(windows.newest().getShareSeen()), new ArrayList<>(), new ArrayList<>(),
                new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(),
                new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (PrequentialWindow window : windows.standing(incarnations)) {
            view.step.add(window.getStep());
            view.fromBatch.add(window.getFromBatch());
            view.toBatch.add(window.getToBatch());
            view.clean.add(share(window.getCleanAccuracy()));
            view.cleanLower.add(share(window.getCleanLower()));
            view.cleanUpper.add(share(window.getCleanUpper()));
            view.robust.add(share(window.getRobustAccuracy()));
            view.robustLower.add(share(window.getRobustLower()));
            view.robustUpper.add(share(window.getRobustUpper()));
            view.seenClean.add(ratio(window.getSeen().getClean(), window.getSeen().getCleanImages()));
            view.seenRobust.add(ratio(window.getSeen().getRobust(), window.getSeen().getImages()));
        }
        return view;
    }

    private static Double share(Double share) {
        return share == null ? null : Shown.rounded(share);
    }

    private static Double ratio(long part, long whole) {
        return whole == 0 ? null : Shown.rounded((double) part / whole);
    }
}
