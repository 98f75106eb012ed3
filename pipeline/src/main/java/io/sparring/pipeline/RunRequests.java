package io.sparring.pipeline;

import io.sparring.schemas.Rollback;
import io.sparring.schemas.RunState;
import java.util.List;
import java.util.Optional;

/**
 * What is asked of a run at a moment.
 *
 * @param rollback the newest that was asked for, which may have been done long ago
 * @param versions of the run's specification; empty before the run is published
 */
public record RunRequests(RunState state, Optional<Rollback> rollback, SpecificationVersions versions) {

    /** Nobody has asked for anything. */
    public static final RunRequests NONE =
            new RunRequests(RunState.RUNNING, Optional.empty(), new SpecificationVersions(List.of()));
}
