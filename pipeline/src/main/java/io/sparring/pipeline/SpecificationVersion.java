package io.sparring.pipeline;

/**
 * One version of a run's specification.
 *
 * @param version from 1
 * @param fromBatch first batch number that it is meant for
 */
public record SpecificationVersion(int version, long fromBatch, RunSpecification specification) {

    public SpecificationVersion {
        Setting.require(version >= 1, "version", version, "at least 1");
        Setting.require(fromBatch >= 0, "fromBatch", fromBatch, "at least 0");
    }
}
