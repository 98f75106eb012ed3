package io.sparring.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.pipeline.Update;
import io.sparring.schemas.UpdateIdentity;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SuitePlanTest {

    private static final UpdateIdentity FIRST = new UpdateIdentity(0, 10);
    private static final UpdateIdentity SECOND = new UpdateIdentity(0, 20);
    private static final UpdateIdentity THIRD = new UpdateIdentity(0, 30);

    private final Set<UpdateIdentity> finished = new HashSet<>();
    private final Set<UpdateIdentity> trimmed = new HashSet<>();
    private final List<UpdateIdentity> lookups = new ArrayList<>();
    private UpdateIdentity due;
    private final SuitePlan plan = new SuitePlan(() -> Optional.ofNullable(due), this::find);

    @Test
    void whatIsDueIsFinishedBeforeAnythingNewer() {
        assertThat(next()).isEmpty();
        due = FIRST;
        assertThat(next()).contains(FIRST);
        due = SECOND;
        assertThat(next(FIRST)).contains(FIRST);
        due = THIRD;
        finished.add(FIRST);
        assertThat(next(FIRST)).as("that which came between is passed over").contains(THIRD);
        finished.add(THIRD);
        assertThat(next(FIRST, THIRD)).isEmpty();
    }

    @Test
    void whatOthersHaveBegunComesFirst() {
        due = THIRD;
        assertThat(next(FIRST, SECOND)).contains(FIRST);
        finished.add(FIRST);
        assertThat(next(FIRST, SECOND)).contains(SECOND);
        finished.add(SECOND);
        assertThat(next(FIRST, SECOND)).contains(THIRD);
    }

    @Test
    void whatIsNotKeptIsPassedOverAndNotLookedForAgain() {
        trimmed.add(FIRST);
        due = THIRD;
        assertThat(next(FIRST)).contains(THIRD);
        finished.add(THIRD);
        assertThat(next(FIRST, THIRD)).isEmpty();
        assertThat(lookups).containsExactly(FIRST, THIRD);
    }

    @Test
    void goesOnWithWhatIsAssignedLater() {
        due = FIRST;
        next();
        finished.add(FIRST);
        assertThat(next(FIRST)).isEmpty();
        finished.remove(FIRST);
        assertThat(next(FIRST)).contains(FIRST);
    }

    private Optional<UpdateIdentity> next(UpdateIdentity... begun) {
        return plan.next(List.of(begun), update -> !finished.contains(update)).map(Update::identity);
    }

    private Optional<Update> find(UpdateIdentity identity) {
        lookups.add(identity);
        return trimmed.contains(identity) ? Optional.empty()
                : Optional.of(new Update(identity, identity.step(), identity.step(), true, "", "", new byte[0]));
    }
}
