package io.sparring.dashboard;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * A linear axis from {@code least} to {@code most}, which differ.
 *
 * @param step between two ticks: 1, 2 or 5 times a power of ten
 */
record Axis(double least, double most, double step) {

    /** @param place on the axis, from 0 to 100 percent of its length */
    record Tick(double place, String text) {
    }

    /**
     * An axis that has room for both.
     *
     * @param ticks about how many there are to be
     */
    static Axis over(double least, double most, int ticks) {
        double span = most > least ? most - least : Math.max(1, Math.abs(most));
        double rough = span / ticks;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = power * (rough / power <= 1 ? 1 : rough / power <= 2 ? 2 : rough / power <= 5 ? 5 : 10);
        return new Axis(least, most > least ? most : least + span, step);
    }

    /** An axis from 0 to a tick at or above the value. */
    static Axis upTo(double most, int ticks) {
        Axis axis = over(0, most, ticks);
        return new Axis(0, axis.step * Math.max(1, Math.ceil(axis.most / axis.step - 1e-9)), axis.step);
    }

    /** An axis from a tick at or below one value to a tick at or above the other. */
    static Axis around(double least, double most, int ticks) {
        Axis axis = over(least, most, ticks);
        double first = axis.step * Math.floor(axis.least / axis.step + 1e-9);
        return new Axis(first, axis.step * Math.ceil(axis.most / axis.step - 1e-9), axis.step);
    }

    /** Where a value is, 0 to 1 for those on the axis. */
    double place(double value) {
        return (value - least) / (most - least);
    }

    List<Tick> ticks(DoubleFunction<String> text) {
        List<Tick> ticks = new ArrayList<>();
        long first = (long) Math.ceil(least / step - 1e-9);
        for (long i = first; i * step <= most + step * 1e-9; i++) {
            ticks.add(new Tick(Math.round(1e4 * place(i * step)) / 100.0, text.apply(i * step)));
        }
        return ticks;
    }
}
