package io.sparring.dashboard;

import io.sparring.schemas.Alarm;
import io.sparring.schemas.AlarmState;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What somebody should look at: of each subject how it stands now, and the last changes. */
final class AlarmBoard {

    static final int MOST_SUBJECTS = 60;
    static final int MOST_CHANGES = 20;

    private final Map<String, Entry> standing = new LinkedHashMap<>();
    private final Deque<Entry> changes = new ArrayDeque<>();

    /**
     * An alarm as its record has it.
     *
     * @param value null where it is not finite, likewise the threshold
     * @param at milliseconds since 1970
     */
    record Entry(String kind, String subject, boolean raised, String message, String statistic, Double value, Double threshold,
            long fromBatch, long toBatch, long at) {
    }

    /** Raised ones first, then by kind and subject; the newest change first. */
    record View(List<Entry> standing, List<Entry> changes) {
    }

    void add(Alarm alarm) {
        Entry entry = new Entry(alarm.getKind().name(), Shown.text(alarm.getSubject()), alarm.getState() == AlarmState.RAISED,
                Shown.text(alarm.getMessage()), Shown.text(alarm.getStatistic()), Shown.number(alarm.getValue()),
                Shown.number(alarm.getThreshold()), alarm.getFromBatch(), alarm.getToBatch(), alarm.getCreatedAt().toEpochMilli());
        String key = entry.kind() + "/" + entry.subject();
        // behind all that have not changed for longer
        standing.remove(key);
        standing.put(key, entry);
        if (standing.size() > MOST_SUBJECTS) {
            standing.remove(standing.keySet().iterator().next());
        }
        changes.addFirst(entry);
        if (changes.size() > MOST_CHANGES) {
            changes.removeLast();
        }
    }

    View view() {
        return new View(standing.values().stream().sorted(Comparator.comparing(Entry::raised).reversed()
                .thenComparing(Entry::kind).thenComparing(Entry::subject)).toList(), List.copyOf(changes));
    }
}
