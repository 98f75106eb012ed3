package io.sparring.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The parts of the page as they were last sent, each with the number of the change that made it so. A reader who has seen
 * change n has missed exactly the parts whose number is above n, so nobody has to be sent what it has, and whoever is too slow
 * for one change gets the next. Numbers mean something in the life of one process, which has an {@code epoch} of its own.
 */
final class LiveSections {

    private final ObjectMapper mapper = new ObjectMapper();
    private final String epoch;
    private final Map<String, Section> sections = new LinkedHashMap<>();
    private long changes;

    /**
     * A part of the page.
     *
     * @param change its number, from 1
     * @param json in one line
     */
    record Section(String name, long change, String json) {
    }

    /** @param epoch without a dash */
    LiveSections(String epoch) {
        this.epoch = epoch;
    }

    /** Takes the parts as they are now. */
    synchronized void update(Map<String, Object> now) {
        now.forEach((name, content) -> {
            String json = json(content);
            Section before = sections.get(name);
            if (before == null || !before.json().equals(json)) {
                sections.put(name, new Section(name, ++changes, json));
            }
        });
    }

    /** The parts that changed after change {@code seen}, in the order of their changes; all for 0. */
    synchronized List<Section> after(long seen) {
        return sections.values().stream().filter(section -> section.change() > seen)
                .sorted(Comparator.comparingLong(Section::change)).toList();
    }

    /** The id of an event that carries the part. */
    String id(Section section) {
        return epoch + "-" + section.change();
    }

    /** The change that {@code id} names, if it was given in this process' life; else 0. */
    synchronized long seen(String id) {
        if (id == null || !id.startsWith(epoch + "-")) {
            return 0;
        }
        try {
            long change = Long.parseLong(id.substring(epoch.length() + 1));
            return change < 0 || change > changes ? 0 : change;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    /** All parts as one JSON object. */
    synchronized String all() {
        StringBuilder all = new StringBuilder("{");
        sections.values().forEach(section -> all.append(all.length() == 1 ? "" : ",").append('"').append(section.name())
                .append("\":").append(section.json()));
        return all.append('}').toString();
    }

    private String json(Object content) {
        try {
            return mapper.writeValueAsString(content);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
