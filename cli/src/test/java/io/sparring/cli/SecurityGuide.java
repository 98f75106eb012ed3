package io.sparring.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What docs/security.md says: tests do as it says, so that it cannot be wrong. */
final class SecurityGuide {

    /** The run and the place that it uses for examples. */
    private static final String RUN = "fashion";
    private static final String PLACE = "--bootstrap-server kafka.example:9094 --command-config admin.properties";

    private final String text;

    private SecurityGuide(String text) {
        this.text = text;
    }

    static SecurityGuide read() throws IOException {
        return new SecurityGuide(Files.readString(Path.of("..", "docs", "security.md")));
    }

    /** The commands that make authority, key stores and certificate in the folder they run in. */
    String keytoolCommands() {
        return block("keytool");
    }

    /** The broker's settings, for key stores in a folder. */
    String brokerProperties(Path folder, String keyPassword, String brokerPassword) {
        return block("properties").replace("location=", "location=" + folder + "/")
                .replace("ssl.keystore.password=...", "ssl.keystore.password=" + keyPassword)
                .replace("password=\"...\"", "password=\"" + brokerPassword + "\"");
    }

    /** The arguments of each kafka-acls command, for a run on a cluster. */
    List<String[]> aclCommands(String run, String bootstrapServers, Path adminProperties) {
        String shared = PLACE.replace("kafka.example:9094", bootstrapServers).replace("admin.properties",
                adminProperties.toString());
        if (!text.contains("acls() { kafka-acls " + PLACE + " --add \"$@\"; }")) {
            throw new AssertionError("the guide defines acls in another way");
        }
        return block("sh").replace("\\\n", " ").lines().filter(line -> line.startsWith("acls "))
                .map(line -> (shared + " --add " + line.substring("acls ".length())).replace(" " + RUN + ".", " " + run + ".")
                        .split(" +"))
                .toList();
    }

    /** The commands that make a user's key store with a certificate, beside the authority's. */
    String clientKeytoolCommands(String user) {
        return block("keytool-client").replace("trainer", user);
    }

    /** The settings of a broker that knows its clients by their certificates. */
    String certificateBrokerProperties(Path folder, String keyPassword) {
        return in(folder, keyPassword, block("properties-client-certificates"));
    }

    /** The settings of such a client, whose key store is in the folder. */
    String certificateClientProperties(Path folder, String keyPassword, String user) {
        return in(folder, keyPassword, block("properties-client").replace("trainer", user));
    }

    private static String in(Path folder, String keyPassword, String properties) {
        return properties.replace("location=", "location=" + folder + "/").replace("password=...", "password=" + keyPassword);
    }

    private String block(String language) {
        Matcher matcher = Pattern.compile("(?s)```" + language + "\n(.*?)```").matcher(text);
        if (!matcher.find()) {
            throw new AssertionError("the guide has no block " + language);
        }
        return matcher.group(1);
    }
}
