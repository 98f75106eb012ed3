package io.sparring.simulation;

import java.util.function.BooleanSupplier;

/** What may befall a process at each of its calls to the broker. */
interface Fate {

    /**
     * Before and after each call: throws {@link Killed}, lets the others go on meanwhile, or does nothing.
     *
     * @param what it is about, for the trace
     */
    void at(SimulatedProcess process, String call, Object what);

    /** Whether this commit's answer is lost. */
    boolean losesAnswer(SimulatedProcess process);

    /** Whether something that happens now and then happens now. */
    boolean chance(int oneIn);

    /** Lets the others go on until the condition holds. */
    void await(SimulatedProcess process, BooleanSupplier condition);
}
