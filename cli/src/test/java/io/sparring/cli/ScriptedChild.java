package io.sparring.cli;

import java.util.concurrent.CountDownLatch;

/** A child that behaves as its argument says. */
final class ScriptedChild {

    private ScriptedChild() {
    }

    public static void main(String[] arguments) throws InterruptedException {
        ParentProcess.endWithIt();
        CountDownLatch never = new CountDownLatch(1);
        switch (arguments[0]) {
            case "report" -> ParentProcess.tellReady(System.getenv("GREETING") + " " + System.getProperty("whom")
                    + ", tracking out: " + System.getenv("OPT_OUT_TRACKING"));
            case "stubborn" -> {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> awaitUninterrupted(never)));
                ParentProcess.tellReady("");
            }
            case "wait" -> {
            }
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        never.await();
    }

    private static void awaitUninterrupted(CountDownLatch never) {
        try {
            never.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
