package io.sparring.evaluator;

import io.sparring.schemas.Alarm;
import io.sparring.schemas.AlarmState;
import io.sparring.schemas.PrequentialWindow;
import io.sparring.schemas.StreamStatistic;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Raises an alarm when a statistic of a window about a subject is above its threshold, and clears it with the first window where
 * none about it is any more. From a window in which nothing about the subject can be computed nothing follows: what was raised
 * stays so. Of several statistics the alarm tells the one that is the most above its threshold, or the least below.
 */
final class StreamAlarms extends ContextualProcessor<Long, PrequentialWindow, String, Alarm> {

    /** The alarms that stand, by kind and subject. */
    static final String STANDING = "standing-alarms";

    private KeyValueStore<String, Alarm> standing;

    @Override
    public void init(ProcessorContext<String, Alarm> context) {
        super.init(context);
        standing = context.getStateStore(STANDING);
    }

    @Override
    public void process(Record<Long, PrequentialWindow> record) {
        PrequentialWindow window = record.value();
        Map<String, StreamStatistic> worst = new LinkedHashMap<>();
        for (StreamStatistic statistic : window.getStatistics()) {
            worst.merge(statistic.getKind() + "/" + statistic.getSubject(), statistic,
                    (one, other) -> excess(other) > excess(one) ? other : one);
        }
        worst.forEach((key, statistic) -> {
            boolean above = excess(statistic) > 1;
            if (above != (standing.get(key) != null)) {
                Alarm alarm = alarm(statistic, window, above ? AlarmState.RAISED : AlarmState.CLEARED);
                standing.put(key, above ? alarm : null);
                context().forward(record.withKey(key).withValue(alarm));
            }
        });
    }

    /** How many times the threshold it is; without one, nothing is too much. */
    private static double excess(StreamStatistic statistic) {
        return statistic.getThreshold() > 0 ? statistic.getValue() / statistic.getThreshold() : 0;
    }

    private static Alarm alarm(StreamStatistic statistic, PrequentialWindow window, AlarmState state) {
        return new Alarm(statistic.getKind(), statistic.getSubject(), state, message(statistic, window, state),
                statistic.getStatistic(), statistic.getValue(), statistic.getThreshold(), window.getFromBatch(), window.getToBatch(),
                window.getIncarnation(), window.getStep(), window.getCreatedAt());
    }

    private static String message(StreamStatistic statistic, PrequentialWindow window, AlarmState state) {
        String what = switch (statistic.getKind()) {
            case ROBUST_ACCURACY -> "robust accuracy on " + statistic.getSubject() + " images fell";
            case LABEL_DRIFT -> "labels are distributed otherwise than in the run's first window";
            default -> "the images' " + statistic.getSubject() + " is distributed otherwise than in the run's first window";
        };
        return String.format(Locale.ROOT, "%s%s: %s %.4f, allowed at most %s, batches %d to %d",
                state == AlarmState.CLEARED ? "no longer: " : "", what, statistic.getStatistic(), statistic.getValue(),
                statistic.getThreshold(), window.getFromBatch(), window.getToBatch());
    }
}
