package io.sparring.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.pipeline.RunFile;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Update;
import io.sparring.schemas.UpdateIdentity;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MarkedUpdatesTest {

    private final RunSpecification run = RunFile.read(null, Map.of(), Map.of("run", "tiny", "data.name", "mnist", "data.batches",
            "230", "order", "arrival", "evaluation.every", "50", "evaluation.suite", "autoattack", "evaluation.suiteEvery", "2"));
    private final MarkedUpdates marked = new MarkedUpdates(run, identity -> Optional.empty());

    @Test
    void theSuiteIsDueAtEverySoManyOutcomesThoughAnEarlierBatchIsMissing() {
        add(0, 0);
        add(50, 47);
        assertThat(marked.due()).isEmpty();
        add(100, 40);
        assertThat(marked.due()).contains(new UpdateIdentity(0, 100));
        add(150, 150);
        assertThat(marked.due()).contains(new UpdateIdentity(0, 100));
        add(200, 200);
        assertThat(marked.due()).contains(new UpdateIdentity(0, 200));
        add(230, 230);
        assertThat(marked.due()).as("the last").contains(new UpdateIdentity(0, 230));
    }

    private void add(long outcomes, long nextBatch) {
        marked.add(new Update(new UpdateIdentity(0, outcomes), nextBatch, outcomes, true, "", "", new byte[0]));
    }
}
