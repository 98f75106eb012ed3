package io.sparring.cli;

import io.sparring.pipeline.Setting;
import io.sparring.schemas.UpdateIdentity;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Which of a run's updates is meant. */
final class UpdateOption {

    private static final Pattern UPDATE = Pattern.compile("(\\d{1,9})/(\\d{1,18})");

    @Option(names = "--update", paramLabel = "I/S",
            description = "The run's update of incarnation I at step S (default: the newest).")
    private String update;

    boolean isGiven() {
        return update != null;
    }

    /** @throws IllegalArgumentException if it is none */
    Optional<UpdateIdentity> identity() {
        if (update == null) {
            return Optional.empty();
        }
        Matcher matcher = UPDATE.matcher(update);
        Setting.require(matcher.matches(), "--update", update, "incarnation and step, such as 0/300");
        return Optional.of(new UpdateIdentity(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2))));
    }
}
