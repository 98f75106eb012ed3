package io.sparring.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LiveSectionsTest {

    private final LiveSections sections = new LiveSections("abc");

    @Test
    void whoHasSeenAChangeGetsWhatChangedSince() {
        sections.update(new TreeMap<>(Map.of("a", 1, "b", 1)));
        assertThat(sections.after(0)).extracting(LiveSections.Section::name).containsExactly("a", "b");
        long seen = sections.after(0).get(1).change();
        sections.update(Map.of("a", 2, "b", 1));
        assertThat(sections.after(seen)).extracting(LiveSections.Section::name).containsExactly("a");
        sections.update(Map.of("a", 2, "b", 1));
        assertThat(sections.after(sections.after(seen).get(0).change())).as("nothing has changed").isEmpty();
        assertThat(sections.after(0)).as("each once, as it is now, in the order of changes").extracting(LiveSections.Section::json)
                .containsExactly("1", "2");
    }

    @Test
    void idsOfAnotherProcessAndNonsenseMeanNothingSeen() {
        sections.update(Map.of("a", 1));
        LiveSections.Section section = sections.after(0).get(0);
        assertThat(sections.id(section)).isEqualTo("abc-1");
        assertThat(sections.seen("abc-1")).isEqualTo(1);
        for (String id : new String[] {null, "", "abc", "abc-", "abc-x", "abc--1", "abc-2", "abd-1", "abc-99999999999999999999"}) {
            assertThat(sections.seen(id)).as("%s", id).isZero();
        }
    }

    @Test
    void allTogetherAreOneObject() {
        sections.update(Map.of("a", Map.of("text", "<b>\"")));
        assertThat(sections.all()).isEqualTo("{\"a\":{\"text\":\"<b>\\\"\"}}");
    }
}
