package io.sparring.dashboard;

import io.sparring.schemas.UpdateIdentity;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What is known of each update, at most {@link #MOST} of them. Where there are more, every second one is left out, again and again, but
 * never the newest: what is shown stands so on its topic, or is not shown at all.
 */
final class UpdateSeries<T> {

    static final int MOST = 400;

    private final NavigableMap<UpdateIdentity, T> all = new TreeMap<>();

    /** Takes the place of what was known of the update. */
    void put(UpdateIdentity update, T value) {
        all.put(update, value);
        if (all.size() > MOST) {
            boolean[] keep = {false};
            UpdateIdentity newest = all.lastKey();
            all.keySet().removeIf(each -> {
                keep[0] = !keep[0];
                return !keep[0] && !each.equals(newest);
            });
        }
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** What is known of the newest update. */
    T newest() {
        return all.lastEntry().getValue();
    }

    /**
     * By step, ascending, without the updates that a later incarnation has left behind: it goes on from an earlier step.
     *
     * @param incarnations where each began, as far as training steps tell
     */
    List<T> standing(List<TrainingSeries.Beginning> incarnations) {
        LinkedList<T> standing = new LinkedList<>();
        UpdateIdentity after = null;
        for (Map.Entry<UpdateIdentity, T> entry : all.descendingMap().entrySet()) {
            UpdateIdentity update = entry.getKey();
            boolean behind = incarnations.stream().anyMatch(later -> later.incarnation() > update.incarnation()
                    && later.step() <= update.step());
            if (!behind && (after == null || update.incarnation() == after.incarnation() || update.step() < after.step())) {
                standing.addFirst(entry.getValue());
                after = update;
            }
        }
        return List.copyOf(standing);
    }
}
