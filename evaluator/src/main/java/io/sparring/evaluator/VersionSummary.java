package io.sparring.evaluator;

import io.sparring.schemas.ReportStatus;
import io.sparring.schemas.Robustness;
import java.util.List;
import java.util.Map;

/**
 * What papers make of a version's clean accuracy C and its accuracy A under AutoAttack: their mean, and NRR (natural-robustness
 * ratio), their harmonic mean 2CA / (C + A).
 *
 * <p>Both are of the same n images and A's are among C's, so that Var C = C(1-C)/n, Var A = A(1-A)/n and Cov = A(1-C)/n. The 95 %
 * interval of f(C, A) is f ± 1.96 σ with σ² = f_C² Var C + f_A² Var A + 2 f_C f_A Cov, the delta method, cut to [0, 1].
 */
final class VersionSummary {

    static final String MEAN = "mean";
    static final String RATIO = "nrr";

    private static final double Z = 1.959963984540054;

    private VersionSummary() {
    }

    /**
     * The reports of both, once there is what they are made of.
     *
     * @param clean of the update without attack, null if there is none yet
     * @param suite of the update under AutoAttack on the same slice, likewise
     */
    static List<Robustness> of(Robustness clean, Robustness suite) {
        if (clean == null || suite == null || clean.getStatus() != ReportStatus.COMPLETE
                || suite.getStatus() != ReportStatus.COMPLETE || clean.getImages() != suite.getImages()) {
            return List.of();
        }
        double c = clean.getAccuracy();
        double a = suite.getAccuracy();
        double sum = c + a;
        return List.of(report(MEAN, sum / 2, 0.5, 0.5, clean, suite),
                report(RATIO, sum == 0 ? 0 : 2 * c * a / sum, sum == 0 ? 0 : 2 * a * a / (sum * sum),
                        sum == 0 ? 0 : 2 * c * c / (sum * sum), clean, suite));
    }

    /**
     * @param byClean the figure's derivative by the clean accuracy
     * @param bySuite its derivative by the other
     */
    private static Robustness report(String name, double figure, double byClean, double bySuite, Robustness clean,
            Robustness suite) {
        double c = clean.getAccuracy();
        double a = suite.getAccuracy();
        double variance = (byClean * byClean * c * (1 - c) + bySuite * bySuite * a * (1 - a)
                + 2 * byClean * bySuite * a * (1 - c)) / suite.getImages();
        double half = Z * Math.sqrt(Math.max(0, variance));
        return Robustness.newBuilder(suite).setAttack(name).setAccuracy(figure).setLower(Math.max(0, figure - half))
                .setUpper(Math.min(1, figure + half)).setParameters(Map.of()).setPerceptionSums(null).setPerception(List.of())
                .setSeconds(clean.getSeconds() + suite.getSeconds()).build();
    }
}
