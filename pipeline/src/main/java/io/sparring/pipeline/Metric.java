package io.sparring.pipeline;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Every metric that Sparring's services have of their own, each named here and nowhere else. */
public enum Metric {
    BATCHES("sparring.batches", Kind.COUNTER, Of.EVERY_SERVICE, "Batches handled"),
    IMAGES("sparring.images", Kind.COUNTER, Of.EVERY_SERVICE, "Images handled"),
    STEP("sparring.step", Kind.GAUGE, Of.EVERY_SERVICE, "Step of the update in use; NaN while there is none"),
    INCARNATION("sparring.incarnation", Kind.GAUGE, Of.EVERY_SERVICE, "Incarnation of the update in use; NaN while there is none"),
    LAG("sparring.lag", Kind.GAUGE, Of.EVERY_SERVICE, "Batches that wait for this service; NaN where there is no such number"),
    STATE("sparring.state", Kind.GAUGE, Of.EVERY_SERVICE, "1 for the state that the service is in, else 0", "state"),
    DEAD_LETTERS("sparring.dead.letters", Kind.COUNTER, Of.EVERY_SERVICE, "Records of a topic that were set aside", "topic"),
    DEAD_LETTERS_LOST("sparring.dead.letters.lost", Kind.COUNTER, Of.EVERY_SERVICE, "Dead letters that could not be delivered"),
    INCOMING_WAITING("sparring.incoming.waiting", Kind.GAUGE, Of.PRODUCER,
            "Images of incoming-images that are not part of a batch yet; 0 where data.source is dataset"),
    POSTED("sparring.posted.images", Kind.COUNTER, Of.PRODUCER, "Images that POST /images took, each acknowledged by Kafka"),
    POSTS_REFUSED("sparring.posts.refused", Kind.COUNTER, Of.PRODUCER,
            "Requests to POST /images of which nothing was taken, by the status that they were answered with", "status"),
    CRAFTING("sparring.crafting", Kind.TIMER, Of.ATTACKER, "Time to craft a batch"),
    REFUSED("sparring.refused", Kind.COUNTER, Of.ATTACKER, "Clean batches that could not be crafted on"),
    TRAINING("sparring.training", Kind.TIMER, Of.TRAINER, "Time to train on a batch"),
    STARVATION("sparring.starvation", Kind.TIMER, Of.TRAINER, "Time that the trainer waits for a batch"),
    STARVATION_RATIO("sparring.starvation.ratio", Kind.GAUGE, Of.TRAINER,
            "Share of its time, [0, 1], that the trainer has waited for a batch over the last ten seconds; 0 for one that stands by"),
    STALENESS("sparring.staleness", Kind.SUMMARY, Of.TRAINER, "Steps between crafting and training"),
    LOSS("sparring.loss", Kind.GAUGE, Of.TRAINER, "The objective at the last step; NaN before it"),
    OUTCOMES("sparring.outcomes", Kind.COUNTER, Of.TRAINER, "Batches whose outcome is committed", "outcome"),
    DUPLICATES("sparring.duplicates", Kind.COUNTER, Of.TRAINER, "Further copies of a batch number that came", "topic"),
    SETBACKS("sparring.setbacks", Kind.COUNTER, Of.TRAINER,
            "Times that training went back since the loss or a weight was not finite"),
    TRIMMING_FAILURES("sparring.trimming.failures", Kind.COUNTER, Of.TRAINER + ", " + Of.PRODUCER,
            "Times that what no kept checkpoint needs, or incoming images that are part of a batch, could not be deleted");

    /** What is measured. */
    public enum Kind {
        /** How often something has happened since the process started. */
        COUNTER,
        /** What something is at this moment. */
        GAUGE,
        /** How often, and how long in all and at most, in seconds. */
        TIMER,
        /** How often, and what in all and at most. */
        SUMMARY
    }

    /** Who has it. */
    private static final class Of {

        private static final String EVERY_SERVICE = "every service";
        private static final String PRODUCER = "producer";
        private static final String ATTACKER = "attacker";
        private static final String TRAINER = "trainer";
    }

    private final String name;
    private final Kind kind;
    private final String service;
    private final String description;
    private final List<String> tags;

    Metric(String name, Kind kind, String service, String description, String... tags) {
        this.name = name;
        this.kind = kind;
        this.service = service;
        this.description = description;
        this.tags = List.of(tags);
    }

    /** Its name, in Micrometer's form. */
    public String meterName() {
        return name;
    }

    public Kind kind() {
        return kind;
    }

    /** Which service has it, or that every one does. */
    public String service() {
        return service;
    }

    /** One sentence, with unit and range. */
    public String description() {
        return description;
    }

    /** Names of its tags, beside the run, the service and its instance, which all have. */
    public List<String> tags() {
        return tags;
    }

    /** The counter with these values of the tags, in their order. */
    public Counter counter(MeterRegistry meters, String... values) {
        require(Kind.COUNTER);
        return Counter.builder(name).description(description).tags(tagged(values)).register(meters);
    }

    /** The timer with these values of the tags. */
    public Timer timer(MeterRegistry meters, String... values) {
        require(Kind.TIMER);
        return Timer.builder(name).description(description).tags(tagged(values)).register(meters);
    }

    /** The summary with these values of the tags. */
    public DistributionSummary summary(MeterRegistry meters, String... values) {
        require(Kind.SUMMARY);
        return DistributionSummary.builder(name).description(description).tags(tagged(values)).register(meters);
    }

    /** Has the gauge with these values of the tags tell what {@code value} makes of {@code measured}, which is held weakly. */
    public <T> Gauge gauge(MeterRegistry meters, T measured, ToDoubleFunction<T> value, String... values) {
        require(Kind.GAUGE);
        return Gauge.builder(name, measured, value).description(description).tags(tagged(values)).register(meters);
    }

    private void require(Kind asked) {
        if (kind != asked) {
            throw new IllegalArgumentException(name + ": " + asked + " is not allowed; allowed: " + kind);
        }
    }

    private List<Tag> tagged(String... values) {
        if (values.length != tags.size()) {
            throw new IllegalArgumentException(name + ": " + values.length + " values of tags; allowed: one for each of " + tags);
        }
        List<Tag> tagged = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            tagged.add(Tag.of(tags.get(i), values[i]));
        }
        return tagged;
    }
}
