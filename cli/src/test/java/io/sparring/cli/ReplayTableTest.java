package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.trainer.ReplayResult;
import io.sparring.trainer.ReplayResult.Incarnation;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplayTableTest {

    @Test
    void hasALineForEachFact() {
        ReplayResult result = new ReplayResult("fashion", "0/0", 1200, 1199, 240, 240, 0, 0, null, 0, 0, 0,
                List.of(new Incarnation(0, 0, 0, true)), "here", List.of("here"), List.of(), 61.25);
        assertThat(ReplayTable.lines(result)).containsExactly(
                "run            fashion, from update 0/0, in 61.3 s",
                "batches        1,200, of which 1,199 moved the weights",
                "updates        240 of 240 identical",
                "incarnations   0 from step 0",
                "computed on    here",
                "difference     none");
    }

    @Test
    void saysWhatDiffers() {
        ReplayResult result = new ReplayResult("fashion", "0/50", 60, 60, 12, 12, 12, 11, "update 0/60", 58, 57, 2,
                List.of(new Incarnation(0, 50, 50, true), new Incarnation(1, 40, 80, false)), "here", List.of("there"),
                List.of("threads: 1 and 2"), 1);
        assertThat(ReplayTable.lines(result)).contains(
                "perturbations  57 of 58 identical; the updates that 2 more were crafted against are trimmed",
                "averages       11 of 12 identical",
                "incarnations   0 from step 50; 1 from step 40, with other weights than the last ended with",
                "recorded on    there",
                "differs in     threads: 1 and 2",
                "difference     update 0/60");
        assertThat(result.allIdentical()).isFalse();
    }
}
