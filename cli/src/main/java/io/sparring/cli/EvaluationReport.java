package io.sparring.cli;

import io.sparring.learning.AttackNorm;
import io.sparring.learning.WilsonInterval;
import io.sparring.learning.autoattack.AttackSuite;
import io.sparring.learning.autoattack.AutoAttackSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An evaluation with all that it depends on, as JSON.
 *
 * @param datasetSha256 of the pixels of the whole test split and its labels
 * @param threads       that attacked
 * @param platform      what the bits depend on beside
 */
record EvaluationReport(EvaluatedModel model, String dataset, String datasetSha256, AttackOptions attack, int batch, int threads,
        String platform, EvaluationResult result) {

    /**
     * The form that {@code --json} writes: shares in [0, 1]; {@code parts} are those of AutoAttack, alone or one after another as
     * {@code alone} says.
     */
    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        Map<String, Object> intervals = new LinkedHashMap<>();
        json.put("images", result.images());
        put(json, intervals, AttackSuite.CLEAN, result.clean());
        result.pgd().ifPresent(attacked -> put(json, intervals, pgdName(), attacked.standing()));
        if (!result.parts().isEmpty()) {
            Map<String, Object> parts = new LinkedHashMap<>();
            Map<String, Object> partIntervals = new LinkedHashMap<>();
            result.standing().forEach((part, standing) -> put(parts, partIntervals, part, standing));
            json.put("parts", parts);
            intervals.put("parts", partIntervals);
        }
        result.autoAttack().ifPresent(standing -> put(json, intervals, AttackOptions.AUTO_ATTACK, standing));
        result.mean().ifPresent(mean -> json.put("mean", mean));
        result.harmonicMean().ifPresent(mean -> json.put("nrr", mean));
        json.put("intervals", intervals);
        json.put("alone", result.alone());
        json.put("norm", norm());
        json.put("epsilon", attack.epsilon().text());
        json.put("epsilonValue", attack.epsilon().value());
        json.put("seed", attack.seed());
        json.put("dataset", Map.of("name", dataset, "split", "test", "sha256", datasetSha256));
        json.put("model", modelJson());
        json.put("attacks", attacks());
        json.put("seconds", result.seconds());
        json.put("batch", batch);
        json.put("threads", threads);
        json.put("platform", platform);
        json.put("masking", result.masking());
        return json;
    }

    private void put(Map<String, Object> shares, Map<String, Object> intervals, String name, int standing) {
        WilsonInterval interval = WilsonInterval.of(standing, result.images());
        shares.put(name, (double) standing / result.images());
        intervals.put(name, List.of(interval.lower(), interval.upper()));
    }

    private String pgdName() {
        return "pgd" + attack.steps();
    }

    /** As papers and leaderboards write it. */
    private String norm() {
        return attack.norm() == AttackNorm.LINF ? "Linf" : "L2";
    }

    private Map<String, Object> modelJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", model.name());
        json.put("architecture", model.architecture());
        json.put("sha256", model.sha256());
        model.step().ifPresent(step -> json.put("step", step));
        return json;
    }

    private Map<String, Object> attacks() {
        Map<String, Object> attacks = new LinkedHashMap<>();
        if (result.pgd().isPresent()) {
            attacks.put(pgdName(), Map.of("steps", attack.steps(), "stepSize", attack.stepSize(), "restarts", attack.restarts(),
                    "loss", "cross-entropy", "start", "random, at distance epsilon"));
        }
        if (!result.parts().isEmpty()) {
            AutoAttackSettings settings = attack.autoAttackSettings();
            Map<String, Object> of = new LinkedHashMap<>();
            of.put("version", "standard");
            of.put("iterations", settings.iterations());
            of.put("restarts", settings.restarts());
            of.put("targets", settings.targets());
            of.put("queries", settings.queries());
            of.put("steps", result.parts().values().stream().flatMap(part -> part.suite().steps().stream())
                    .filter(step -> EvaluationResult.isPart(step.part())).distinct().map(Object::toString).toList());
            attacks.put(AttackOptions.AUTO_ATTACK, of);
        }
        return attacks;
    }

    /**
     * The form of RobustBench's {@code model_info}: accuracies in per cent with two digits.
     *
     * @param given what an evaluation cannot know, such as the paper's name
     */
    Map<String, Object> robustBench(Map<String, String> given) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("link", "");
        json.put("name", model.name());
        json.put("authors", "");
        json.put("additional_data", false);
        json.put("number_forward_passes", 1);
        json.put("dataset", dataset);
        json.put("venue", "Unpublished");
        json.put("architecture", model.architecture());
        json.put("eps", attack.epsilon().text());
        String robust = percent(result.autoAttack().orElseThrow());
        json.put("clean_acc", percent(result.clean()));
        json.put("reported", robust);
        json.put("autoattack_acc", robust);
        json.put("unreliable", result.masking().stream().anyMatch(finding -> finding.suspicious()));
        given.forEach((key, value) -> json.put(key, RobustBenchKey.named(key).value(value)));
        return json;
    }

    private String percent(int standing) {
        return String.format(Locale.ROOT, "%.2f", 100.0 * standing / result.images());
    }
}
