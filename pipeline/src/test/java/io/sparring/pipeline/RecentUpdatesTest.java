package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.schemas.UpdateIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RecentUpdatesTest {

    private final List<Long> lookedUp = new ArrayList<>();

    @Test
    void holdsWhatABatchWithoutAnOutcomeMayNeed() {
        // batch 40 needs 30 at the least; so do all before it that have no outcome once 40 is next
        RunSpecification run = run("5", "7");
        RecentUpdates recent = recent(run);
        for (long nextBatch = 0; nextBatch <= 40; nextBatch += 5) {
            recent.add(update(0, nextBatch));
        }
        for (long batch = 40; batch <= 40 + run.window(); batch++) {
            assertThat(recent.at(run.craftedAt(batch)).map(Update::nextBatch)).hasValue(run.craftedAt(batch));
        }
        assertThat(lookedUp).isEmpty();
        recent.at(20);
        assertThat(lookedUp).as("no more is held").containsExactly(20L);
    }

    @Test
    void looksUpOnceWhatCameBeforeIt() {
        RecentUpdates recent = recent(run("5", "7"));
        recent.add(update(0, 15));
        assertThat(recent.at(10)).map(Update::identity).hasValue(new UpdateIdentity(9, 10));
        recent.at(10);
        assertThat(recent.at(25)).isEmpty();
        assertThat(lookedUp).containsExactly(10L, 25L);
    }

    @Test
    void theNewestIncarnationHolds() {
        RecentUpdates recent = recent(run("5", "7"));
        recent.at(10);
        recent.add(update(10, 10));
        assertThat(recent.at(10)).map(update -> update.identity().incarnation()).hasValue(10);
        recent.add(update(11, 10));
        assertThat(recent.at(10)).map(update -> update.identity().incarnation()).hasValue(11);
    }

    @Test
    void holdsOneWhereTheNewestIsCraftedAgainst() {
        RecentUpdates recent = recent(run("5", "-1"));
        recent.add(update(0, 5));
        recent.add(update(0, 10));
        recent.at(10);
        recent.at(5);
        assertThat(lookedUp).containsExactly(5L);
    }

    private RecentUpdates recent(RunSpecification run) {
        return RecentUpdates.of(run, nextBatch -> {
            lookedUp.add(nextBatch);
            return nextBatch > 20 ? Optional.empty() : Optional.of(update(9, nextBatch));
        });
    }

    private static RunSpecification run(String interval, String exactly) {
        return RunFile.read(null, Map.of(), Map.of("publishing.interval", interval, "staleness.exactly", exactly));
    }

    private static Update update(int incarnation, long nextBatch) {
        return new Update(new UpdateIdentity(incarnation, nextBatch), nextBatch, nextBatch, false, "", "", new byte[0]);
    }
}
