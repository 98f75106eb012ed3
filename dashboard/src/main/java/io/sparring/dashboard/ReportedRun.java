package io.sparring.dashboard;

import io.sparring.pipeline.RunSpecification;
import java.util.List;

/**
 * What a report says of a run that its metric topics do not.
 *
 * @param specification its newest version
 * @param version of the specification, from 1
 * @param programSha256 digest of the model program
 * @param classNames of the data set, in the order of the labels; may be empty
 * @param release of Sparring that makes the report
 */
public record ReportedRun(RunSpecification specification, int version, String programSha256, List<String> classNames,
        String release) {
}
