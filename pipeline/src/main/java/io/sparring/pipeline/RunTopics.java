package io.sparring.pipeline;

import io.sparring.schemas.RunTopic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Makes, checks and removes the topics of a run. Services never create a topic. */
public final class RunTopics {

    /** Largest segment of the topics of a run that is trimmed: the disk is given back by whole segments. */
    public static final int SEGMENT_BYTES = 64 * 1024 * 1024;

    private static final Duration RETENTION = Duration.ofDays(7);
    private static final int KNOWN_ATTEMPTS = 100;
    private static final long KNOWN_WAIT_MILLIS = 100;

    private final Admin admin;

    /** @param admin is the caller's to close */
    public RunTopics(Admin admin) {
        this.admin = admin;
    }

    /**
     * Creates those topics of the run that do not exist, and the settings of its {@link AttackerQueue} if it has one.
     *
     * @param replication number of copies of each partition, -1 for the cluster's default
     * @throws IllegalArgumentException if one exists with another number of partitions
     */
    public void create(RunSpecification run, short replication) {
        List<NewTopic> missing = new ArrayList<>();
        for (RunTopic topic : RunTopic.values()) {
            if (describe(topic.of(run.run())) == null) {
                missing.add(new NewTopic(topic.of(run.run()), topic.partitions(run.partitions()), replication)
                        .configs(configuration(topic, run)));
            }
        }
        try {
            for (Map.Entry<String, KafkaFuture<Void>> topic : admin.createTopics(missing).values().entrySet()) {
                await(topic.getKey(), topic.getValue());
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        if (run.delivery().equals("queue")) {
            AttackerQueue.prepare(admin, run.run());
        }
        check(run);
    }

    /** Waits until a topic is created, by us or by somebody who was quicker, and brokers know of it: a moment later. */
    private void await(String name, KafkaFuture<Void> created) throws InterruptedException {
        try {
            created.get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw failed("cannot create topic " + name, e);
            }
        }
        for (int attempt = 0; describe(name) == null && attempt < KNOWN_ATTEMPTS; attempt++) {
            TimeUnit.MILLISECONDS.sleep(KNOWN_WAIT_MILLIS);
        }
    }

    /**
     * Refuses a run whose topics are missing or have another number of partitions. The topic {@code incoming-images} may be missing
     * where nobody reads it, as in runs that an earlier release has made.
     *
     * @throws IllegalArgumentException naming the topic, what it has and what the run wants
     */
    public void check(RunSpecification run) {
        for (RunTopic topic : RunTopic.values()) {
            String name = topic.of(run.run());
            TopicDescription found = describe(name);
            if (found == null && topic == RunTopic.INCOMING_IMAGES && !run.data().incoming()) {
                continue;
            }
            if (found == null) {
                throw new IllegalArgumentException("topic " + name + " does not exist; `sparring topics create` makes it");
            }
            int wanted = topic.partitions(run.partitions());
            if (found.partitions().size() != wanted) {
                throw new IllegalArgumentException("partitions: topic " + name + " has " + found.partitions().size()
                        + ", the run wants " + wanted + "; a run keeps the number that its topics were made with");
            }
        }
    }

    /** Whether the run has any topic on this cluster. */
    public boolean exist(String run) {
        return Arrays.stream(RunTopic.values()).anyMatch(topic -> describe(topic.of(run)) != null);
    }

    /**
     * What tells a run from others that have had its name: the id of its topic {@code runs}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public String identity(String run) {
        TopicDescription found = describe(RunTopic.RUNS.of(run));
        if (found == null) {
            throw new IllegalArgumentException("topic " + RunTopic.RUNS.of(run) + " does not exist; `sparring topics create` makes it");
        }
        return found.topicId().toString();
    }

    /** The runs on this cluster, by the topics {@code runs} and {@code leader} that each has. */
    public SortedSet<String> runs() {
        String suffix = RunTopic.RUNS.of("");
        try {
            Set<String> topics = admin.listTopics().names().get();
            return topics.stream().filter(name -> name.endsWith(suffix))
                    .map(name -> name.substring(0, name.length() - suffix.length()))
                    .filter(run -> !run.isEmpty() && topics.contains(RunTopic.LEADER.of(run)))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (ExecutionException e) {
            throw failed("cannot list the topics", e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** The run's topics that exist and those that Kafka Streams made for it; never those of a run whose name only begins alike. */
    public List<String> names(String run) {
        try {
            return admin.listTopics().names().get().stream().filter(name -> isOf(run, name)).sorted().toList();
        } catch (ExecutionException e) {
            throw failed("cannot list the topics", e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Another run's name may begin as Kafka Streams' topics of this one do, but its topics have a further dot, or do not end as those. */
    static boolean isOf(String run, String name) {
        return RunTopic.all(run).contains(name) || (name.endsWith("-changelog") || name.endsWith("-repartition"))
                && List.of(RunTopic.ROBUSTNESS, RunTopic.PREQUENTIAL).stream().map(topic -> topic.of(run) + "-")
                        .anyMatch(begin -> name.startsWith(begin) && name.indexOf('.', begin.length()) < 0);
    }

    /** Removes the run's topics and those that Kafka Streams made for it. */
    public void delete(String run) {
        try {
            admin.deleteTopics(names(run)).all().get();
        } catch (ExecutionException e) {
            throw failed("cannot delete the topics of run " + run, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    static Map<String, String> configuration(RunTopic topic, RunSpecification run) {
        Map<String, String> configuration = new HashMap<>();
        configuration.put("max.message.bytes", Integer.toString(KafkaSettings.LARGEST_RECORD));
        switch (topic.kept()) {
            case UNTIL_TRIMMED -> {
                configuration.put("cleanup.policy", "delete");
                configuration.put("retention.ms", "-1");
                configuration.put("retention.bytes", "-1");
                if (!run.log().equals("keep")) {
                    configuration.put("segment.bytes", Integer.toString(SEGMENT_BYTES));
                }
            }
            case COMPACTED -> configuration.put("cleanup.policy", "compact");
            case COMPACTED_BY_TIME -> {
                configuration.put("cleanup.policy", "compact,delete");
                configuration.put("retention.ms", Long.toString(RETENTION.toMillis()));
            }
            case BY_TIME -> {
                configuration.put("cleanup.policy", "delete");
                configuration.put("retention.ms", Long.toString(RETENTION.toMillis()));
            }
            case SHORTLY -> {
                configuration.put("cleanup.policy", "delete");
                configuration.put("retention.ms", Long.toString(Duration.ofHours(1).toMillis()));
                // only whole segments are deleted
                configuration.put("segment.ms", Long.toString(Duration.ofMinutes(10).toMillis()));
            }
        }
        return configuration;
    }

    private TopicDescription describe(String name) {
        try {
            return admin.describeTopics(List.of(name)).topicNameValues().get(name).get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return null;
            }
            throw failed("cannot describe topic " + name, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IllegalStateException failed(String what, ExecutionException e) {
        return new IllegalStateException(what + ": " + e.getCause().getMessage(), e.getCause());
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException(e);
    }
}
