package io.sparring.pipeline;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The only model program that a service may load, if one is named. A program is code, and whoever may write to the topic
 * {@code runs} can publish another.
 *
 * @param sha256 its SHA-256 in hexadecimal digits; any program if none
 */
public record ProgramPin(Optional<String> sha256) {

    /** Every program that may be loaded at all. */
    public static final ProgramPin NONE = new ProgramPin(Optional.empty());

    private static final String OPTION = "--program-sha256";
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    /** @throws IllegalArgumentException for what is no digest */
    public ProgramPin {
        sha256 = sha256.map(digest -> digest.toLowerCase(Locale.ROOT));
        Setting.require(sha256.isEmpty() || DIGEST.matcher(sha256.get()).matches(), OPTION, sha256.orElse(""),
                "64 hexadecimal digits, as sha256sum prints them");
    }

    /** @throws IllegalArgumentException naming both digests, if the run's program is another */
    public PublishedProgram require(PublishedProgram published) {
        require(published.programSha256());
        return published;
    }

    /** @throws IllegalArgumentException naming both digests, if the program of that digest is another */
    public void require(String programSha256) {
        if (sha256.isPresent() && !sha256.get().equals(programSha256)) {
            throw new IllegalArgumentException(OPTION + ": the run's model program has the SHA-256 " + programSha256
                    + "; allowed: " + sha256.get());
        }
    }
}
