package io.sparring.pipeline;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;

/** What a key of a run takes, told by its documented default. */
enum ValueKind {
    WHOLE_NUMBER("a whole number", JsonNode::isIntegralNumber),
    NUMBER("a number", JsonNode::isNumber),
    TRUTH("true or false", JsonNode::isBoolean),
    TEXT("text, in quotes where it would be read as something else", JsonNode::isTextual),
    NUMBERS("a list of numbers", value -> value.isArray()
            && StreamSupport.stream(value.spliterator(), false).allMatch(JsonNode::isNumber));

    private final String allowed;
    private final Predicate<JsonNode> takes;

    ValueKind(String allowed, Predicate<JsonNode> takes) {
        this.allowed = allowed;
        this.takes = takes;
    }

    /** The first kind that takes {@code value}. */
    static ValueKind of(JsonNode value) {
        for (ValueKind kind : values()) {
            if (kind.takes(value)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("no key of a run takes " + value);
    }

    boolean takes(JsonNode value) {
        return takes.test(value);
    }

    /** What is allowed, in words. */
    String allowed() {
        return allowed;
    }
}
