package io.sparring.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.TreeMap;

/** Whom a local broker knows from the start, each with a password for SCRAM-SHA-512; neither errors nor logs show one. */
final class LocalBrokerUsers {

    private static final String NAME = "[A-Za-z0-9._-]+";

    /** Kafka's own notation for credentials has no way to write these. */
    private static final String NOT_IN_A_PASSWORD = ",\"";

    private final TreeMap<String, String> passwords;

    private LocalBrokerUsers(TreeMap<String, String> passwords) {
        this.passwords = passwords;
    }

    static LocalBrokerUsers none() {
        return new LocalBrokerUsers(new TreeMap<>());
    }

    /**
     * The users in a properties file, {@code name=password} in each line.
     *
     * @throws IllegalArgumentException if it cannot be read, or has a name or a password that cannot be one
     */
    static LocalBrokerUsers read(Path file) {
        Properties properties = LocalBrokerSettings.properties("users", file);
        TreeMap<String, String> passwords = new TreeMap<>();
        for (String name : properties.stringPropertyNames()) {
            String password = properties.getProperty(name);
            if (!name.matches(NAME)) {
                throw new IllegalArgumentException("users " + file + ": '" + name
                        + "' is no name; allowed: letters, digits, ._-");
            }
            if (password.isEmpty() || password.chars().anyMatch(c -> NOT_IN_A_PASSWORD.indexOf(c) >= 0)) {
                throw new IllegalArgumentException("users " + file + ": the password of " + name
                        + " is not allowed; allowed: any characters but the comma and the quotation mark, at least one");
            }
            passwords.put(name, password);
        }
        return new LocalBrokerUsers(passwords);
    }

    boolean isEmpty() {
        return passwords.isEmpty();
    }

    /** The credentials, as {@code kafka-storage format --add-scram} takes them. */
    List<String> scramArguments() {
        return passwords.entrySet().stream()
                .map(user -> "SCRAM-SHA-512=[name=" + user.getKey() + ",password=\"" + user.getValue() + "\"]").toList();
    }
}
