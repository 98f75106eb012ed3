package io.sparring.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The child's side of a {@link ChildProcess}. The parent holds the other end of standard input and never writes to it: when
 * it closes, by intent or because the parent was killed, the child is to end. On standard output the child says when it is
 * ready. In a process that was started in another way, all this does nothing.
 */
public final class ParentProcess {

    static final String PROPERTY = "sparring.parent";

    static final String READY = "ready ";

    /** What a child's shutdown hooks may take, once its parent is gone and nobody is left to force it. */
    private static final Duration GRACE = Duration.ofSeconds(20);

    private static final int PARENT_GONE = 1;

    private ParentProcess() {
    }

    public static boolean present() {
        return System.getProperty(PROPERTY) != null;
    }

    /** Tells the parent that this child can be used, and how: the detail is what its awaitReady returns. */
    public static void tellReady(String detail) {
        if (present()) {
            System.out.println(READY + detail);
            System.out.flush();
        }
    }

    /** From now on this JVM exits, in order, when its parent is gone. */
    public static void endWithIt() {
        if (present()) {
            Thread thread = new Thread(ParentProcess::awaitEnd, "parent");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static void awaitEnd() {
        try (InputStream input = System.in) {
            input.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // the parent is as gone as at the end of the stream
        }
        CompletableFuture.delayedExecutor(GRACE.toMillis(), TimeUnit.MILLISECONDS).execute(ParentProcess::endAtOnce);
        System.exit(PARENT_GONE);
    }

    /**
     * As its parent would force it. Even {@link Runtime#halt} lets native libraries tidy up, and TensorFlow, which is computing when a
     * batch takes longer than the grace, crashes on what is gone then and leaves a report behind.
     */
    private static void endAtOnce() {
        try {
            new ProcessBuilder("kill", "-KILL", Long.toString(ProcessHandle.current().pid())).start().waitFor();
        } catch (IOException e) {
            Runtime.getRuntime().halt(PARENT_GONE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
