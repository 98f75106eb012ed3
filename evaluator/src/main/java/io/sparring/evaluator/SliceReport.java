package io.sparring.evaluator;

import io.sparring.learning.PerceptionConsistency;
import io.sparring.learning.WilsonInterval;
import io.sparring.schemas.Evaluation;
import io.sparring.schemas.Perception;
import io.sparring.schemas.ReportStatus;
import io.sparring.schemas.Robustness;
import io.sparring.schemas.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Counts facts into the report of one update under one attack over a slice. */
final class SliceReport {

    private SliceReport() {
    }

    /** The report with one more fact in it; unchanged if the fact's batch has been counted. */
    static Robustness count(Robustness before, Evaluation fact) {
        List<Long> reported = before == null ? List.of() : before.getReported();
        int place = Collections.binarySearch(reported, fact.getBatchNumber());
        if (place >= 0) {
            return before;
        }
        List<Long> now = with(reported, -place - 1, fact.getBatchNumber());
        List<String> checksums = checksums(before, -place - 1, fact);
        Perception perception = perception(before, fact);
        long images = (before == null ? 0 : before.getImages()) + fact.getImages();
        long correct = (before == null ? 0 : before.getCorrect()) + fact.getCorrect();
        Instant updatedAt = before == null || fact.getCreatedAt().isAfter(before.getUpdatedAt())
                ? fact.getCreatedAt() : before.getUpdatedAt();
        Robustness.Builder report = Robustness.newBuilder().setIncarnation(fact.getIncarnation()).setStep(fact.getStep())
                .setAttack(fact.getAttack()).setSlice(fact.getSlice()).setReported(now).setBatches(fact.getBatches())
                .setImages(images).setCorrect(correct).setEpsilon(fact.getEpsilon()).setUpdatedAt(updatedAt)
                .setNorm(fact.getNorm()).setPerceptionSums(perception).setParameters(fact.getParameters()).setSeed(seed(fact))
                .setDataSet(fact.getDataSet()).setSeconds((before == null ? 0 : before.getSeconds()) + fact.getSeconds());
        if (now.size() < fact.getBatches()) {
            return report.setStatus(ReportStatus.INCOMPLETE).setBatchSha256(checksums).build();
        }
        WilsonInterval interval = WilsonInterval.of(correct, images);
        return report.setStatus(ReportStatus.COMPLETE).setAccuracy((double) correct / images)
                .setLower(interval.lower()).setUpper(interval.upper())
                .setDataSha256(checksums.isEmpty() ? null : digest(checksums))
                .setPerception(perception == null ? List.of() : PerceptionRecords.groups(PerceptionRecords.read(perception)))
                .build();
    }

    /** Of PGD each batch has its number added to it. */
    private static long seed(Evaluation fact) {
        return fact.getAttack().startsWith("pgd-") ? fact.getSeed() - fact.getBatchNumber() : fact.getSeed();
    }

    /** Empty where a fact is of a release that did not record them. */
    private static List<String> checksums(Robustness before, int place, Evaluation fact) {
        boolean known = !fact.getDataSha256().isEmpty()
                && (before == null || before.getBatchSha256().size() == before.getReported().size());
        return known ? with(before == null ? List.of() : before.getBatchSha256(), place, fact.getDataSha256()) : List.of();
    }

    /** Null where a fact has none. */
    private static Perception perception(Robustness before, Evaluation fact) {
        if (fact.getPerception() == null || before != null && before.getPerceptionSums() == null) {
            return null;
        }
        PerceptionConsistency sums = PerceptionRecords.read(fact.getPerception());
        return PerceptionRecords.of(before == null ? sums : sums.plus(PerceptionRecords.read(before.getPerceptionSums())));
    }

    private static <T> List<T> with(List<T> before, int place, T value) {
        List<T> now = new ArrayList<>(before);
        now.add(place, value);
        return now;
    }

    /** Of the slice, by what its batches' checksums are. */
    static String digest(List<String> checksums) {
        return Sha256.of(String.join("", checksums).getBytes(StandardCharsets.US_ASCII));
    }
}
