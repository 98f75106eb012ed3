package io.sparring.dashboard;

import io.sparring.pipeline.DeadLetters;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * How many records were set aside, why, and the last of them. Each origin counts once, as several readers may have set the same
 * record aside; origins are remembered up to {@link #MOST_ORIGINS}, so that of very many letters one may count again.
 */
final class LetterBoard {

    static final int MOST_ORIGINS = 20_000;
    static final int MOST_REASONS = 20;
    static final int MOST_NEWEST = 8;
    private static final String OTHER = "other reasons";

    private final String prefix;
    private final Set<String> origins = new LinkedHashSet<>();
    private final Map<String, Long> reasons = new TreeMap<>();
    private final Deque<Letter> newest = new ArrayDeque<>();
    private long count;

    /** One letter: where its record was, and why it was set aside. */
    record Letter(long id, long at, String from, String reason) {
    }

    /** How many letters of a topic there are whose reasons begin alike. */
    record Reason(String reason, long count) {
    }

    /** The most frequent reasons first, the newest letters first. */
    record View(long count, List<Reason> reasons, List<Letter> newest) {
    }

    LetterBoard(String run) {
        prefix = run + ".";
    }

    void add(ConsumerRecord<byte[], byte[]> letter) {
        String topic = header(letter, DeadLetters.TOPIC, "");
        topic = topic.startsWith(prefix) ? topic.substring(prefix.length()) : topic;
        String from = topic.isEmpty() ? "?"
                : topic + "-" + header(letter, DeadLetters.PARTITION, "?") + "@" + header(letter, DeadLetters.OFFSET, "?");
        if (!topic.isEmpty() && !origins.add(from)) {
            return;
        }
        if (origins.size() > MOST_ORIGINS) {
            origins.remove(origins.iterator().next());
        }
        count++;
        String reason = header(letter, DeadLetters.REASON, "no letter of a service");
        int colon = reason.indexOf(':');
        String kind = topic + ": " + (colon < 0 ? reason : reason.substring(0, colon));
        reasons.merge(reasons.containsKey(kind) || reasons.size() < MOST_REASONS ? kind : OTHER, 1L, Long::sum);
        newest.addFirst(new Letter(letter.offset(), letter.timestamp(), from, reason));
        if (newest.size() > MOST_NEWEST) {
            newest.removeLast();
        }
    }

    View view() {
        return new View(count, reasons.entrySet().stream().map(entry -> new Reason(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong(Reason::count).reversed()).toList(), List.copyOf(newest));
    }

    private static String header(ConsumerRecord<?, ?> letter, String name, String otherwise) {
        return Shown.text(DeadLetters.text(letter.headers(), name).orElse(otherwise));
    }
}
