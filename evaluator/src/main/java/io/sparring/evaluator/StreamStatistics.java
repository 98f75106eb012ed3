package io.sparring.evaluator;

import io.sparring.pipeline.PrequentialSettings;
import io.sparring.schemas.AlarmKind;
import io.sparring.schemas.ChannelSums;
import io.sparring.schemas.ClassTally;
import io.sparring.schemas.PrequentialWindow;
import io.sparring.schemas.StreamStatistic;
import io.sparring.schemas.StreamTally;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The numbers of a window over the stream that may raise an alarm, each when it is above its threshold:
 *
 * <ul>
 * <li>{@value #FALL}: robust accuracy over the older half of the window less that over the newer half, of the unseen images and of
 * the seen ones. A half with fewer than {@value #FEWEST} of them says nothing, and neither do halves whose epsilon differs, as it
 * does while a run lets it rise. Threshold {@code prequential.accuracyFall}.
 * <li>{@value #LABELS}: the Jensen-Shannon divergence (Lin, IEEE Trans. Inf. Theory 37, 1991) of the labels p of the window from
 * those q of the reference window, H((p + q)/2) - H(p)/2 - H(q)/2 in bits, in [0, 1]. Two samples of n and m images from one
 * distribution over K classes have (K - 1) (1/n + 1/m) / (8 ln 2) of it by chance on average (for then it goes to
 * Σ (p - q)² / (8 p ln 2)); that much is taken off, and what is left is at least 0. Threshold {@code prequential.labelDrift}.
 * <li>{@value #MEAN}: |μ - ν| / τ of a channel whose values in [0,1] have mean μ and standard deviation σ in the window, ν and τ in
 * the reference window; and {@value #DEVIATION}: |ln(σ / τ)|. Deviations below one part in 255 count as that. Threshold of both
 * {@code prequential.inputDrift}.
 * </ul>
 */
final class StreamStatistics {

    static final String FALL = "fall";
    static final String LABELS = "jensen-shannon";
    static final String MEAN = "mean-shift";
    static final String DEVIATION = "deviation-ratio";
    static final int FEWEST = 100;

    private static final double LEAST_DEVIATION = 1 / 255.0;

    private final PrequentialSettings settings;

    StreamStatistics(PrequentialSettings settings) {
        this.settings = settings;
    }

    /**
     * Of the window that the two halves make.
     *
     * @param window both
     * @param reference the reference window, null where this one is it: it is not compared with itself
     */
    List<StreamStatistic> of(StreamCounts older, StreamCounts newer, StreamCounts window, PrequentialWindow reference) {
        List<StreamStatistic> statistics = new ArrayList<>();
        if (window.oneEpsilon()) {
            addFall(statistics, "unseen", older.unseen(), newer.unseen());
            addFall(statistics, "seen", older.seen(), newer.seen());
        }
        if (reference != null) {
            statistics.add(new StreamStatistic(AlarmKind.LABEL_DRIFT, "labels", LABELS,
                    divergence(labels(window.unseen(), window.seen()), labels(reference.getUnseen(), reference.getSeen())),
                    settings.labelDrift()));
            int channels = Math.min(window.channels().size(), reference.getChannels().size());
            for (int channel = 0; channel < channels; channel++) {
                addDrift(statistics, "channel-" + channel, window.channels().get(channel), reference.getChannels().get(channel));
            }
        }
        return statistics;
    }

    private void addFall(List<StreamStatistic> statistics, String images, StreamTally older, StreamTally newer) {
        if (older.getImages() >= FEWEST && newer.getImages() >= FEWEST) {
            double fall = (double) older.getRobust() / older.getImages() - (double) newer.getRobust() / newer.getImages();
            statistics.add(new StreamStatistic(AlarmKind.ROBUST_ACCURACY, images, FALL, fall, settings.accuracyFall()));
        }
    }

    private void addDrift(List<StreamStatistic> statistics, String channel, ChannelSums now, ChannelSums then) {
        if (now.getValues() > 0 && then.getValues() > 0) {
            statistics.add(new StreamStatistic(AlarmKind.INPUT_DRIFT, channel, MEAN,
                    Math.abs(mean(now) - mean(then)) / deviation(then), settings.inputDrift()));
            statistics.add(new StreamStatistic(AlarmKind.INPUT_DRIFT, channel, DEVIATION,
                    Math.abs(Math.log(deviation(now) / deviation(then))), settings.inputDrift()));
        }
    }

    private static double mean(ChannelSums sums) {
        return sums.getSum() / sums.getValues();
    }

    private static double deviation(ChannelSums sums) {
        double variance = sums.getSquares() / sums.getValues() - mean(sums) * mean(sums);
        return Math.max(LEAST_DEVIATION, Math.sqrt(Math.max(0, variance)));
    }

    private static long[] labels(StreamTally unseen, StreamTally seen) {
        int classes = Math.max(unseen.getClasses().size(), seen.getClasses().size());
        long[] counts = new long[classes];
        Stream.of(unseen, seen).forEach(tally -> {
            for (int k = 0; k < tally.getClasses().size(); k++) {
                ClassTally each = tally.getClasses().get(k);
                counts[k] += each.getImages();
            }
        });
        return counts;
    }

    /** In bits, less what chance makes of it. */
    static double divergence(long[] first, long[] second) {
        double n = sum(first);
        double m = sum(second);
        if (n == 0 || m == 0) {
            return 0;
        }
        double divergence = 0;
        int classes = 0;
        for (int k = 0; k < Math.max(first.length, second.length); k++) {
            double p = k < first.length ? first[k] / n : 0;
            double q = k < second.length ? second[k] / m : 0;
            divergence += entropy((p + q) / 2) - entropy(p) / 2 - entropy(q) / 2;
            classes += p + q > 0 ? 1 : 0;
        }
        return Math.max(0, divergence - chance(classes, n, m));
    }

    private static double chance(int classes, double n, double m) {
        return (classes - 1) * (1 / n + 1 / m) / (8 * Math.log(2));
    }

    private static double sum(long[] counts) {
        double sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }

    private static double entropy(double share) {
        return share == 0 ? 0 : -share * Math.log(share) / Math.log(2);
    }
}
