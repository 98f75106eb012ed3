package io.sparring.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What users may do, an entry such as {@code topic fashion. prefix READ} for each operation, however it is written down. */
final class Acls {

    private static final Map<String, String> RESOURCES = Map.of("--topic", "topic", "--group", "group", "--transactional-id",
            "transactionalId");

    private Acls() {
    }

    /** Of a command kafka-acls, by user. */
    static Map<String, Set<String>> of(String[] command) {
        List<String> users = new ArrayList<>();
        List<String> operations = new ArrayList<>();
        List<String> resources = new ArrayList<>();
        String pattern = "literal";
        for (int i = 0; i + 1 < command.length; i++) {
            String value = command[i + 1];
            switch (command[i]) {
                case "--allow-principal" -> users.add(value.substring("User:".length()));
                case "--operation" -> operations.add(operation(value));
                case "--resource-pattern-type" -> pattern = value.equals("prefixed") ? "prefix" : value;
                case "--topic", "--group", "--transactional-id" -> resources.add(RESOURCES.get(command[i]) + " " + value);
                default -> { }
            }
        }
        Set<String> entries = new TreeSet<>();
        for (String resource : resources) {
            for (String operation : operations) {
                entries.add(resource + " " + pattern + " " + operation);
            }
        }
        Map<String, Set<String>> byUser = new TreeMap<>();
        users.forEach(user -> byUser.put(user, entries));
        return byUser;
    }

    /** Of a KafkaUser. */
    static Set<String> of(JsonNode user) {
        Set<String> entries = new TreeSet<>();
        for (JsonNode rule : user.at("/spec/authorization/acls")) {
            JsonNode resource = rule.get("resource");
            rule.get("operations").forEach(operation -> entries.add(resource.get("type").textValue() + " "
                    + resource.get("name").textValue() + " " + resource.get("patternType").textValue() + " "
                    + operation(operation.textValue())));
        }
        return entries;
    }

    private static String operation(String name) {
        return name.replace("_", "").toUpperCase(Locale.ROOT);
    }
}
