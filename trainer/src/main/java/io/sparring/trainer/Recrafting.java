package io.sparring.trainer;

import io.sparring.attacker.BatchCrafter;
import io.sparring.learning.ExecutionSettings;
import io.sparring.learning.ModelProgram;
import io.sparring.pipeline.RunSpecification;
import io.sparring.pipeline.Update;
import io.sparring.schemas.AdversarialBatch;
import io.sparring.schemas.Crafted;
import io.sparring.schemas.ImageBatch;
import io.sparring.schemas.Refused;
import io.sparring.schemas.UpdateIdentity;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.apache.avro.Schema;

/** Crafts recorded batches again, each from the update that it was recorded to be crafted against, and compares all of both. */
final class Recrafting implements AutoCloseable {

    /** Not of the perturbation: where it was computed. */
    private static final String COMPUTED_ON = "computedOn";

    private final RunSpecification run;
    private final ReplayPrograms programs;
    private final Function<UpdateIdentity, Optional<Update>> published;
    private final ReplayTally tally;
    private final Clock clock;
    private final Map<ExecutionSettings, ModelProgram> loaded = new HashMap<>();
    private final Map<ExecutionSettings, BatchCrafter> crafters = new HashMap<>();
    private final Map<UpdateIdentity, Update> reached;

    /** @param published looks up the updates that are older than the replay, or than the last ones that it has reached */
    Recrafting(RunSpecification run, ReplayPrograms programs, Function<UpdateIdentity, Optional<Update>> published,
            ReplayTally tally, Clock clock) {
        this.run = run;
        this.programs = programs;
        this.published = published;
        this.tally = tally;
        this.clock = clock;
        // those that the window lets attackers use, one of the last incarnation and one to spare
        int most = run.window() / run.publishing().interval() + 3;
        this.reached = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<UpdateIdentity, Update> eldest) {
                return size() > most;
            }
        };
    }

    /** The replay has reached this update. */
    void reached(Update update) {
        reached.put(update.identity(), update);
    }

    /** Crafts a batch again, if its update is there. */
    void check(ImageBatch clean, Crafted recorded) {
        UpdateIdentity identity = new UpdateIdentity(recorded.getIncarnation(), recorded.getStep());
        if (!reached.containsKey(identity)) {
            published.apply(identity).ifPresent(this::reached);
        }
        Update update = reached.get(identity);
        if (update == null) {
            tally.updateGone();
            return;
        }
        ExecutionSettings settings = programs.settings(recorded.getComputedOn());
        AdversarialBatch again = crafter(settings).craft(clean, update);
        tally.craftedOn(recorded.getComputedOn(), loaded.get(settings).platform());
        Optional<String> difference = again.getResult() instanceof Crafted crafted ? difference(recorded, crafted)
                : Optional.of("is refused: " + ((Refused) again.getResult()).getReason());
        tally.recrafted(difference.isEmpty());
        difference.ifPresent(what -> tally.differs("batch " + clean.getBatchNumber() + ", crafted again from update " + identity
                + ", " + what));
    }

    private static Optional<String> difference(Crafted recorded, Crafted again) {
        for (Schema.Field field : Crafted.getClassSchema().getFields()) {
            Object one = recorded.get(field.pos());
            Object other = again.get(field.pos());
            if (!field.name().equals(COMPUTED_ON) && !Objects.equals(one, other)) {
                boolean bytes = field.name().endsWith("erturbation");
                return Optional.of("has another " + field.name() + (bytes ? "" : ": " + other + " instead of " + one));
            }
        }
        return Optional.empty();
    }

    private BatchCrafter crafter(ExecutionSettings settings) {
        return crafters.computeIfAbsent(settings, each -> {
            ModelProgram program = programs.load(each);
            loaded.put(each, program);
            return new BatchCrafter(run, program, "replay", clock);
        });
    }

    @Override
    public void close() {
        loaded.values().forEach(ModelProgram::close);
    }
}
