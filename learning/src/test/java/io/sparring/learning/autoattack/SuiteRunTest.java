package io.sparring.learning.autoattack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparring.learning.AttackNorm;
import io.sparring.learning.DifferentiableModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SuiteRunTest {

    private static final int COUNT = 24;

    @Test
    void makesAsFewBatchesAsWillDoForAllSharers() {
        assertThat(sizes(381, 250, 1)).containsExactly(190, 191);
        assertThat(sizes(381, 250, 2)).containsExactly(190, 191);
        assertThat(sizes(381, 64, 2)).containsExactly(63, 64, 63, 64, 63, 64);
        assertThat(sizes(10, 64, 4)).containsExactly(2, 3, 2, 3);
        assertThat(sizes(1, 64, 2)).containsExactly(1);
        assertThat(sizes(0, 64, 2)).isEmpty();
        List<Integer> all = new ArrayList<>();
        SuiteRun.batches(IntStream.range(0, 99).boxed().toList(), 7, 3).forEach(
                rows -> IntStream.of(rows).forEach(all::add));
        assertThat(all).containsExactlyElementsOf(IntStream.range(0, 99).boxed().toList());
    }

    private static List<Integer> sizes(int rows, int largest, int sharers) {
        return SuiteRun.batches(IntStream.range(0, rows).boxed().toList(), largest, sharers).stream().map(batch -> batch.length)
                .toList();
    }

    @Test
    void twoCopiesEndAsOneDoes() {
        AttackSuite suite = AttackSuite.autoAttack(new AutoAttackSettings(AttackNorm.LINF, 0.01f, 7, 20, 1, 9, 100), 5);
        try (SmallProgram one = SmallProgram.load(5); SmallProgram other = SmallProgram.load(5)) {
            ImageBatch images = one.images(COUNT);
            List<ImageState> expected = suite.attack(one.program(), images);
            AtomicInteger inside = new AtomicInteger();
            List<ImageState> seen = new ArrayList<>();
            List<ImageState> states = suite.attack(List.of(one.program(), other.program()), images, Map.of(), 5, attacked -> {
                assertThat(inside.incrementAndGet()).as("told by one thread at a time").isEqualTo(1);
                attacked.forEach(image -> seen.add(image.state()));
                inside.decrementAndGet();
            });
            assertThat(states).isEqualTo(expected);
            assertThat(seen).doesNotHaveDuplicates().hasSize(states.stream().mapToInt(ImageState::steps).sum());
        }
    }

    @Test
    void whatFailsInACopyFailsTheRun() {
        AttackSuite suite = AttackSuite.pgd(AttackNorm.LINF, 0.01f, 0.01f, 1, 1, true, 0);
        try (SmallProgram one = SmallProgram.load(5); SmallProgram other = SmallProgram.load(5)) {
            ImageBatch images = one.images(COUNT);
            List<DifferentiableModel> copies = List.of(one.program(), other.program());
            assertThatThrownBy(() -> suite.attack(copies, images, Map.of(), 5, attacked -> {
                throw new IllegalStateException("the disk is full");
            })).isInstanceOf(IllegalStateException.class).hasMessage("the disk is full");
        }
    }
}
