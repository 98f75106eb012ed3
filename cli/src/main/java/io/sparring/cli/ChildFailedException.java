package io.sparring.cli;

import java.nio.file.Path;
import java.util.List;

/** A child process that did not do what it was started for; the message ends with the last lines of its log. */
public final class ChildFailedException extends RuntimeException {

    ChildFailedException(String what, List<String> lastLogLines, Path log) {
        super(what + "; the log is " + log + (lastLogLines.isEmpty() ? " (empty)" : " and ends with"
                + System.lineSeparator() + "  " + String.join(System.lineSeparator() + "  ", lastLogLines)));
    }
}
