package io.sparring.dashboard;

import io.sparring.pipeline.RunSpecification;
import java.util.List;

/**
 * What the page says of a run that no topic has to tell, for it is in its run file.
 *
 * @param batches of the run, 0 for endless
 * @param robust name of the attack whose reports are the robust accuracy
 * @param classNames of the data set, in the order of the labels; may be empty
 * @param cluster where its topics are
 */
record RunFacts(String run, String dataset, String network, int width, String objective, int attackSteps, float epsilon,
        String norm, long batches, int batchSize, String robust, List<String> classNames, String cluster) {

    static RunFacts of(RunSpecification run, List<String> classNames, String cluster) {
        return new RunFacts(run.run(), run.data().name(), run.network().name(), run.network().width(), run.objective().name(),
                run.attack().steps(), run.attack().epsilon(), run.attack().norm(), run.data().batches(), run.data().batchSize(),
                run.evaluation().reportName(), List.copyOf(classNames), cluster);
    }
}
