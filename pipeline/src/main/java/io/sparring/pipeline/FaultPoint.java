package io.sparring.pipeline;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;

/**
 * Places where a process can be made to die as by SIGKILL, so that what is promised of crashes can be tried where a crash
 * hurts most. {@code SPARRING_FAULT=trainer-transaction:3} in the environment kills it the third time it comes by. Without
 * that, a place does nothing.
 */
public enum FaultPoint {

    /** Inside a producer's transaction: its batches are with the broker, the transaction is open. */
    PRODUCER_TRANSACTION,
    /** Inside an attacker's transaction: what it made and its offsets are with the broker, the transaction is open. */
    ATTACKER_TRANSACTION,
    /** Between a training step and the transaction that holds it. */
    TRAINER_STEP,
    /** Inside a publishing transaction of the trainer: steps and update are with the broker, the transaction is open. */
    TRAINER_TRANSACTION,
    /** After such a transaction is committed, before anything else. */
    TRAINER_COMMITTED,
    /** While committed steps are applied again after a restart. */
    TRAINER_AGAIN;

    /** The environment variable that names a point and, after a colon, how many-eth visit is the last (1 if it does not say). */
    public static final String VARIABLE = "SPARRING_FAULT";

    /** What a shell says of a process that was ended by SIGKILL. */
    public static final int EXIT_CODE = 128 + 9;

    private static volatile Armed armed;

    private record Armed(FaultPoint point, AtomicInteger visits, IntConsumer end) {}

    /**
     * Makes this process die where the environment says, if it does.
     *
     * @throws IllegalArgumentException for a name that is not one of the points, or a number below 1
     */
    public static void arm(Map<String, String> environment) {
        // no shutdown hook runs: nothing is finished, flushed or taken leave of
        arm(environment, Runtime.getRuntime()::halt);
    }

    static void arm(Map<String, String> environment, IntConsumer end) {
        String value = environment.getOrDefault(VARIABLE, "");
        armed = value.isBlank() ? null : parse(value, end);
    }

    private static Armed parse(String value, IntConsumer end) {
        int colon = value.indexOf(':');
        String name = colon < 0 ? value : value.substring(0, colon);
        String visit = colon < 0 ? "1" : value.substring(colon + 1);
        FaultPoint point = Arrays.stream(values()).filter(each -> each.pointName().equals(name)).findFirst().orElse(null);
        Setting.require(point != null && visit.matches("[1-9][0-9]{0,8}"), VARIABLE, value, names()
                + ", each with or without :N for its N-th time");
        return new Armed(point, new AtomicInteger(Integer.parseInt(visit)), end);
    }

    private static String names() {
        return Arrays.stream(values()).map(FaultPoint::pointName).collect(Collectors.joining(", "));
    }

    /** What the environment calls it, such as {@code trainer-transaction}. */
    public String pointName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The process is here: the end of it, if that was asked for. */
    public void reached() {
        reachedAfter(() -> { });
    }

    /** The process is here: the end of it once {@code last} is done, if that was asked for; else {@code last} is not done. */
    public void reachedAfter(Runnable last) {
        Armed fault = armed;
        if (fault != null && fault.point == this && fault.visits.decrementAndGet() == 0) {
            last.run();
            fault.end.accept(EXIT_CODE);
        }
    }
}
