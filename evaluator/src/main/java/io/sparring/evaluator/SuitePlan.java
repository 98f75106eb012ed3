package io.sparring.evaluator;

import io.sparring.pipeline.Update;
import io.sparring.schemas.UpdateIdentity;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which update the suite is run on. One is finished before another is begun; those that any evaluator has begun come before that
 * which is due, the oldest first; and what is due meanwhile, but for the newest, is passed over. Used by one thread.
 */
final class SuitePlan {

    private static final Logger LOG = LoggerFactory.getLogger(SuitePlan.class);

    private final Supplier<Optional<UpdateIdentity>> due;
    private final Function<UpdateIdentity, Optional<Update>> lookup;
    private final Set<UpdateIdentity> lost = new HashSet<>();
    private Update current;

    /**
     * @param due the update that the suite is to be run on, as things stand
     * @param lookup finds an update, unless it is not kept any more
     */
    SuitePlan(Supplier<Optional<UpdateIdentity>> due, Function<UpdateIdentity, Optional<Update>> lookup) {
        this.due = due;
        this.lookup = lookup;
    }

    /**
     * The update to go on with, or nothing if there is nothing to do.
     *
     * @param begun the updates that the suite has been begun on, oldest first
     * @param unfinished whether there is anything left to do on an update for this evaluator
     */
    Optional<Update> next(Collection<UpdateIdentity> begun, Predicate<UpdateIdentity> unfinished) {
        if (current != null && unfinished.test(current.identity())) {
            return Optional.of(current);
        }
        return Stream.concat(begun.stream(), Stream.of(due).flatMap(each -> each.get().stream()))
                .filter(update -> !lost.contains(update) && unfinished.test(update))
                .flatMap(update -> find(update).stream()).findFirst();
    }

    private Optional<Update> find(UpdateIdentity identity) {
        Optional<Update> found = lookup.apply(identity);
        if (found.isPresent()) {
            current = found.get();
        } else {
            lost.add(identity);
            LOG.warn("the suite cannot be run on update {}, whose weights are not kept any more", identity.key());
        }
        return found;
    }
}
