package io.sparring.evaluator;

import io.sparring.schemas.Attack;
import io.sparring.schemas.ChannelSums;
import io.sparring.schemas.ClassTally;
import io.sparring.schemas.StreamTally;
import io.sparring.schemas.UpdateIdentity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What the facts about some batches of the stream sum up to. Used by one thread. */
final class StreamCounts {

    private final List<ClassTally> unseen = new ArrayList<>();
    private final List<ClassTally> seen = new ArrayList<>();
    private final List<ChannelSums> channels = new ArrayList<>();
    private int batches;
    private float least = Float.POSITIVE_INFINITY;
    private float most = Float.NEGATIVE_INFINITY;
    private UpdateIdentity newest = new UpdateIdentity(0, 0);
    private Instant createdAt = Instant.EPOCH;

    void add(Attack fact) {
        batches++;
        List<ClassTally> tallies = fact.getEpoch() == 0 ? unseen : seen;
        for (int i = 0; i < fact.getClasses().size(); i++) {
            addTo(tallies, i, fact.getClasses().get(i));
        }
        for (int i = 0; i < fact.getChannels().size(); i++) {
            ChannelSums more = fact.getChannels().get(i);
            ChannelSums sums = i < channels.size() ? channels.get(i) : new ChannelSums(0L, 0.0, 0.0);
            put(channels, i, new ChannelSums(sums.getValues() + more.getValues(), sums.getSum() + more.getSum(),
                    sums.getSquares() + more.getSquares()));
        }
        least = Math.min(least, fact.getEpsilon());
        most = Math.max(most, fact.getEpsilon());
        UpdateIdentity update = new UpdateIdentity(fact.getIncarnation(), fact.getStep());
        newest = update.compareTo(newest) > 0 ? update : newest;
        createdAt = fact.getCreatedAt().isAfter(createdAt) ? fact.getCreatedAt() : createdAt;
    }

    private static void addTo(List<ClassTally> tallies, int place, ClassTally more) {
        ClassTally tally = place < tallies.size() ? tallies.get(place) : new ClassTally(0L, 0L, 0L, 0L);
        put(tallies, place, new ClassTally(tally.getImages() + more.getImages(), tally.getRobust() + more.getRobust(),
                tally.getCleanImages() + more.getCleanImages(), tally.getClean() + more.getClean()));
    }

    private static <T> void put(List<T> list, int place, T value) {
        if (place < list.size()) {
            list.set(place, value);
        } else {
            list.add(value);
        }
    }

    int batches() {
        return batches;
    }

    /** Of images that no update had been trained on. */
    StreamTally unseen() {
        return tally(unseen);
    }

    /** Of images that came again. */
    StreamTally seen() {
        return tally(seen);
    }

    private static StreamTally tally(List<ClassTally> classes) {
        return new StreamTally(classes.stream().mapToLong(ClassTally::getImages).sum(),
                classes.stream().mapToLong(ClassTally::getRobust).sum(), classes.stream().mapToLong(ClassTally::getCleanImages).sum(),
                classes.stream().mapToLong(ClassTally::getClean).sum(), List.copyOf(classes));
    }

    List<ChannelSums> channels() {
        return List.copyOf(channels);
    }

    /** Whether all batches were attacked within one radius. */
    boolean oneEpsilon() {
        return least == most;
    }

    float largestEpsilon() {
        return most;
    }

    /** The newest update that a batch was crafted against. */
    UpdateIdentity newest() {
        return newest;
    }

    /** Time of the newest fact. */
    Instant createdAt() {
        return createdAt;
    }
}
