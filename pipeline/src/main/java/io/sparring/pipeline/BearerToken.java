package io.sparring.pipeline;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A secret that requests bring in their header {@code Authorization} (RFC 6750). Comes from a file or the environment, never from
 * the run specification or the command line; {@link #toString} does not show it.
 */
public final class BearerToken {

    /** The environment variable that holds it. */
    public static final String VARIABLE = "SPARRING_HTTP_TOKEN";

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]{16,512}=*");
    private static final String PREFIX = "Bearer ";

    private final byte[] secret;

    private BearerToken(String secret) {
        this.secret = secret.getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * The token of a file, else that of the environment, else none.
     *
     * @param file may be null
     * @throws IllegalArgumentException if the file cannot be read, or holds no token; does not show what it holds
     */
    public static Optional<BearerToken> read(Path file, Map<String, String> environment) {
        if (file != null) {
            try {
                return Optional.of(of("--http-token-file " + file, Files.readString(file)));
            } catch (IOException e) {
                throw new IllegalArgumentException("--http-token-file " + file + ": cannot be read: " + e, e);
            }
        }
        String value = environment.get(VARIABLE);
        return value == null || value.isBlank() ? Optional.empty() : Optional.of(of(VARIABLE, value));
    }

    private static BearerToken of(String where, String text) {
        Setting.require(TOKEN.matcher(text.strip()).matches(), where, "(not shown)",
                "16 to 512 letters, digits and . _ ~ + / -, such as `openssl rand -hex 32` prints");
        return new BearerToken(text.strip());
    }

    /** Whether a request's header, which may be null, brings the token; takes as long whatever it differs in. */
    public boolean isIn(String authorization) {
        return authorization != null && authorization.regionMatches(true, 0, PREFIX, 0, PREFIX.length()) && MessageDigest.isEqual(
                secret, authorization.substring(PREFIX.length()).strip().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "a token";
    }
}
