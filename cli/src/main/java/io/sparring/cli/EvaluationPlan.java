package io.sparring.cli;

import io.sparring.learning.ModelProgram;
import io.sparring.learning.autoattack.AttackSuite;
import io.sparring.learning.autoattack.ImageBatch;
import io.sparring.learning.autoattack.ImageState;
import io.sparring.learning.autoattack.MaskingChecks;
import io.sparring.learning.autoattack.MaskingFinding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What of an evaluation is run, in which order.
 *
 * @param parts       AutoAttack, or some of its parts; clean alone where none was asked for
 * @param checkImages on how many images gradient masking is looked for; 0 for not at all
 */
record EvaluationPlan(AttackOptions attack, AttackSuite parts, int checkImages) {

    private static final String CHECKS = "checks";
    private static final int PGD_STEPS = 20;

    /** @param program a copy of the model, to look at it */
    EvaluationResult run(Evaluation evaluation, ModelProgram program, ImageBatch images) {
        Map<String, Double> seconds = new LinkedHashMap<>();
        Optional<AttackedImages> pgd = attack.runsPgd() ? Optional.of(evaluation.run("PGD", attack.pgd(), images)) : Optional.empty();
        pgd.ifPresent(attacked -> seconds.put("pgd" + attack.steps(), attacked.seconds()));
        Map<String, AttackedImages> attacked = new LinkedHashMap<>();
        int clean = -1;
        List<String> names = parts.parts().subList(1, parts.parts().size());
        if (attack.alone()) {
            for (String part : names) {
                AttackedImages one = evaluation.run(part + " alone", parts.alone(part), images);
                attacked.put(part, one);
                seconds.put(part, one.seconds());
            }
            seconds.put(AttackOptions.AUTO_ATTACK, seconds.values().stream().mapToDouble(value -> value).sum()
                    - pgd.map(AttackedImages::seconds).orElse(0.0));
        } else {
            AttackedImages all = evaluation.run(names.isEmpty() ? AttackOptions.CLEAN : AttackOptions.AUTO_ATTACK, parts, images);
            clean = all.standing(AttackOptions.CLEAN);
            names.forEach(part -> attacked.put(part, all));
            seconds.put(names.isEmpty() ? AttackOptions.CLEAN : AttackOptions.AUTO_ATTACK, all.seconds());
        }
        clean = clean >= 0 ? clean : attacked.values().iterator().next().standing(AttackOptions.CLEAN);
        EvaluationResult result = new EvaluationResult(images.size(), clean, pgd, attacked, attack.runsAutoAttack(),
                attack.alone(), List.of(), seconds);
        return checkImages == 0 ? result : result.with(look(evaluation, program, images, result, seconds));
    }

    private List<MaskingFinding> look(Evaluation evaluation, ModelProgram program, ImageBatch images, EvaluationResult result,
            Map<String, Double> seconds) {
        MaskingChecks checks = new MaskingChecks(attack.norm(), attack.epsilon().value(), PGD_STEPS, attack.seed());
        ImageBatch first = images.select(IntStream.range(0, checkImages).toArray());
        AttackedImages weaker = evaluation.run(CHECKS, checks.weaker(), first);
        double took = weaker.seconds();
        Map<Float, List<ImageState>> larger = new LinkedHashMap<>();
        for (Map.Entry<Float, AttackSuite> suite : checks.larger(program.geometry()).entrySet()) {
            AttackedImages attacked = evaluation.run(CHECKS, suite.getValue(), first);
            larger.put(suite.getKey(), attacked.states());
            took += attacked.seconds();
        }
        List<MaskingFinding> findings = new ArrayList<>(checks.look(program, first));
        findings.addAll(checks.judgeWeaker(weaker.states()));
        findings.addAll(checks.judgeLarger(weaker.standing("pgd" + PGD_STEPS), larger));
        if (result.whole()) {
            findings.add(checks.judgeBlackBox(result.states()));
        } else {
            AttackedImages blackBox = evaluation.run(CHECKS, checks.blackBox(program.geometry().classes()), first);
            findings.add(checks.judgeBlackBox(blackBox.states()));
            took += blackBox.seconds();
        }
        seconds.put(CHECKS, took);
        return findings;
    }
}
