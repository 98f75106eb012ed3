package io.sparring.learning;

/** One wording for every refusal of a setting: its key, its value and what is allowed. */
public final class Setting {

    private Setting() {
    }

    /** @throws IllegalArgumentException "key: 'value' is not allowed; allowed: …" unless {@code allowed} */
    public static void require(boolean allowed, String key, Object value, String whatIsAllowed) {
        if (!allowed) {
            throw new IllegalArgumentException(
                    key + ": '" + value + "' is not allowed; allowed: " + whatIsAllowed);
        }
    }

    /** @throws IllegalArgumentException "key: 'name' is not known; allowed: …" unless {@code names} has it */
    public static void requireKnown(Iterable<String> names, String key, String name) {
        for (String known : names) {
            if (known.equals(name)) {
                return;
            }
        }
        throw new IllegalArgumentException(
                key + ": '" + name + "' is not known; allowed: " + String.join(", ", names));
    }
}
