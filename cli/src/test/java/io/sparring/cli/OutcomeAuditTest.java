package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.schemas.Outcome;
import io.sparring.schemas.TrainingStep;
import io.sparring.schemas.UpdateIdentity;
import io.sparring.schemas.WireFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutcomeAuditTest {

    /** Before a record is built: Avro builds those that it trusts. */
    private static final WireFormat<TrainingStep> TRUSTED = WireFormat.of(TrainingStep.class);
    private static final RunSpecification RUN = run("staleness.atMost", "4", "staleness.policy", "train");

    @Test
    void findsNothingWhereEveryNumberHasOneOutcome() {
        OutcomeAudit audit = audit(RUN, trained(0, 0, 1), trained(1, 0, 2), dropped(2, 0, 2), trained(3, 1, 3));

        assertThat(audit.broken()).isEmpty();
        assertThat(audit.lost()).isZero();
        assertThat(audit.duplicated()).isZero();
        assertThat(audit.incarnations()).isEqualTo(2);
    }

    @Test
    void findsWhatIsLost() {
        OutcomeAudit audit = audit(RUN, trained(0, 0, 1), trained(3, 0, 2));

        assertThat(audit.lost()).isEqualTo(2);
        assertThat(audit.broken()).containsExactly("every batch number has an outcome: not so for 1, 2");
    }

    @Test
    void findsWhatIsThereTwice() {
        OutcomeAudit audit = audit(RUN, trained(0, 0, 1), trained(1, 0, 2), trained(1, 0, 3), trained(1, 0, 4), trained(2, 0, 5),
                trained(3, 0, 6));

        assertThat(audit.duplicated()).isEqualTo(2);
        assertThat(audit.broken()).containsExactly("no batch number has two outcomes: not so for 1");
    }

    @Test
    void findsWhatIsNoBatchOfTheRun() {
        assertThat(audit(RUN, trained(0, 0, 1), trained(1, 0, 2), trained(2, 0, 3), trained(3, 0, 4), trained(4, 0, 5)).broken())
                .containsExactly("no outcome is of a batch that the run does not have: not so for 4");
    }

    @Test
    void findsStepsThatDoNotFollowEachOther() {
        assertThat(audit(RUN, trained(0, 0, 1), trained(1, 0, 3), trained(2, 0, 4), trained(3, 0, 5)).broken())
                .containsExactly("each batch is applied once, in one step: not so for batch 1 is step 0/3 after 0/1");
        assertThat(audit(RUN, trained(0, 1, 1), trained(1, 0, 2), trained(2, 0, 3), trained(3, 0, 4)).broken())
                .containsExactly("each batch is applied once, in one step: not so for batch 1 is step 0/2 after 1/1");
    }

    @Test
    void findsWhatIsTooStale() {
        OutcomeAudit audit = audit(RUN, trained(0, 0, 1), TrainingStep.newBuilder(trained(1, 0, 2)).setStaleness(5L).build(),
                trained(2, 0, 3), trained(3, 0, 4));

        assertThat(audit.maxStaleness()).isEqualTo(5);
        assertThat(audit.broken()).containsExactly(
                "no batch is more stale than 4, and none that was trained as received than 4: not so for batch 1: 5, TRAINED");
    }

    @Test
    void findsWhatWasToBeRefreshed() {
        OutcomeAudit audit = audit(run("staleness.atMost", "4", "staleness.policy", "refresh"), stale(0, 0, Outcome.TRAINED),
                stale(1, 4, Outcome.REFRESHED), stale(2, 3, Outcome.TRAINED), stale(3, 5, Outcome.REFRESHED));

        assertThat(audit.broken()).containsExactly("no batch is more stale than 4, and none that was trained as received than 0: "
                + "not so for batch 2: 3, TRAINED, batch 3: 5, REFRESHED");
    }

    @Test
    void findsWhatIsNotCraftedAgainstTheUpdateThatItsNumberDecides() {
        RunSpecification exact = run("staleness.exactly", "0", "staleness.policy", "train");
        List<TrainingStep> steps = new ArrayList<>();
        for (long number = 0; number < 4; number++) {
            steps.add(TrainingStep.newBuilder(trained(number, 0, number + 1)).setCraftedIncarnation(0)
                    .setCraftedStep(number == 3 ? 0 : number - number % 2).setStaleness(0L).build());
        }
        Map<UpdateIdentity, Long> updates = Map.of(new UpdateIdentity(0, 0), 0L, new UpdateIdentity(0, 2), 2L);

        assertThat(new OutcomeAudit(exact, steps, updates).broken()).containsExactly(
                "each batch is crafted against the update that its number decides: not so for batch 3: crafted against that of "
                        + "batch 0 rather than 2");
    }

    @Test
    void namesAFewExamplesAndTellsHowManyThereAre() {
        assertThat(OutcomeAudit.broken("all is well", List.of(1, 2, 3, 4, 5, 6, 7)))
                .isEqualTo("all is well: not so for 1, 2, 3, 4, 5 and 2 more");
    }

    private static OutcomeAudit audit(RunSpecification run, TrainingStep... steps) {
        return new OutcomeAudit(run, List.of(steps), Map.of());
    }

    private static RunSpecification run(String key, String value, String further, String its) {
        return RunFile.read(null, Map.of(),
                Map.of("data.batches", "4", "publishing.interval", "2", key, value, further, its));
    }

    private static TrainingStep stale(long batch, long staleness, Outcome outcome) {
        return TrainingStep.newBuilder(trained(batch, 0, batch + 1)).setStaleness(staleness).setOutcome(outcome).build();
    }

    private static TrainingStep trained(long number, int incarnation, long step) {
        return MadeRecords.trained(number, incarnation, step);
    }

    private static TrainingStep dropped(long number, int incarnation, long step) {
        return TrainingStep.newBuilder(trained(number, incarnation, step)).setOutcome(Outcome.DROPPED).build();
    }
}
