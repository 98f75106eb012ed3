package io.sparring.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparring.schemas.RunTopic;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RunTopicsTest {

    private static final Map<String, String> UNTIL_TRIMMED = Map.of("max.message.bytes", "8388608", "cleanup.policy", "delete",
            "retention.ms", "-1", "retention.bytes", "-1", "segment.bytes", "67108864");
    private static final Map<String, String> COMPACTED = Map.of("max.message.bytes", "8388608", "cleanup.policy", "compact");
    private static final Map<String, String> COMPACTED_BY_TIME = Map.of("max.message.bytes", "8388608", "cleanup.policy",
            "compact,delete", "retention.ms", "604800000");
    private static final Map<String, String> BY_TIME = Map.of("max.message.bytes", "8388608", "cleanup.policy", "delete",
            "retention.ms", "604800000");
    private static final Map<String, String> SHORTLY = Map.of("max.message.bytes", "8388608", "cleanup.policy", "delete",
            "retention.ms", "3600000", "segment.ms", "600000");

    private final RunSpecification run = RunKeys.run(Map.of("run", "fashion", "partitions", "6", "log", "trim"));
    private final Map<String, Integer> partitions = new HashMap<>();
    private RuntimeException failure;
    private final RunTopics topics = new RunTopics(admin());

    @Test
    void whatIsKeptHasTheClustersSegments() {
        RunSpecification keeps = RunKeys.run(Map.of("log", "keep"));
        assertThat(RunTopics.configuration(RunTopic.CLEAN_BATCHES, keeps)).doesNotContainKey("segment.bytes")
                .containsEntry("retention.bytes", "-1");
    }

    @ParameterizedTest
    @EnumSource(RunTopic.class)
    void aTopicIsConfiguredByItsKind(RunTopic topic) {
        assertThat(RunTopics.configuration(topic, run)).isEqualTo(switch (topic) {
            case CLEAN_BATCHES, ADVERSARIAL_BATCHES, HELD_OUT_BATCHES -> UNTIL_TRIMMED;
            case MODEL_UPDATES, CHECKPOINTS, TRAINING_STEPS, INCOMING_IMAGES -> UNTIL_TRIMMED;
            case RUNS, ROBUSTNESS, SERVICE_STATUS -> COMPACTED;
            case ATTACKS, EVALUATIONS, PREQUENTIAL, ALARMS, LEADER, DEAD_LETTERS -> BY_TIME;
            case ATTACK_PROGRESS -> COMPACTED_BY_TIME;
            case SAMPLES -> SHORTLY;
        });
    }

    @Test
    void topicsWithTheRunsPartitionsPass() {
        all();
        assertThatCode(() -> topics.check(run)).doesNotThrowAnyException();
        assertThat(topics.exist("fashion")).isTrue();
        assertThat(topics.exist("other")).isFalse();
    }

    @Test
    void aMissingTopicIsNamed() {
        all();
        partitions.remove("fashion.leader");
        assertThatThrownBy(() -> topics.check(run)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("topic fashion.leader does not exist; `sparring topics create` makes it");
        assertThat(topics.exist("fashion")).as("some do").isTrue();
    }

    @Test
    void incomingImagesNeedATopicOnlyWhereTheyAreTrainedOn() {
        all();
        partitions.remove("fashion.incoming-images");
        assertThatCode(() -> topics.check(run)).doesNotThrowAnyException();
        RunSpecification incoming = RunKeys.run(Map.of("run", "fashion", "partitions", "6", "data.source", "incoming"));
        assertThatThrownBy(() -> topics.check(incoming)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("topic fashion.incoming-images does not exist; `sparring topics create` makes it");
    }

    @Test
    void anotherNumberOfPartitionsIsRefused() {
        all();
        partitions.put("fashion.adversarial-batches", 4);
        assertThatThrownBy(() -> topics.check(run)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("partitions: topic fashion.adversarial-batches has 4, the run wants 6; "
                        + "a run keeps the number that its topics were made with");
    }

    @Test
    void anotherFailureIsNotTakenForAMissingTopic() {
        failure = new AuthorizationException("not yours");
        assertThatThrownBy(() -> topics.exist("fashion")).isInstanceOf(IllegalStateException.class)
                .hasMessage("cannot describe topic fashion.clean-batches: not yours").hasCause(failure);
    }

    @Test
    void anotherRunsTopicsAreNotThisOnesHoweverItIsCalled() {
        assertThat(RunTopics.isOf("fashion", "fashion.runs")).isTrue();
        assertThat(RunTopics.isOf("fashion", "fashion.robustness-robustness-changelog")).isTrue();
        assertThat(RunTopics.isOf("fashion", "fashion.prequential-facts-changelog")).isTrue();
        for (String other : List.of("fashion.robustness-l2", "fashion.prequential-1", "fashion-2", "fashion.runs")) {
            assertThat(RunTopic.all(other)).noneMatch(topic -> RunTopics.isOf("fashion", topic));
            assertThat(RunTopics.isOf("fashion", other + ".robustness-robustness-changelog")).as(other).isFalse();
        }
    }

    private void all() {
        for (RunTopic topic : RunTopic.values()) {
            partitions.put(topic.of("fashion"), topic.partitions(6));
        }
    }

    /** Knows the topics in {@link #partitions}, and nothing but to describe them. */
    private Admin admin() {
        Class<?>[] admin = {Admin.class};
        return (Admin) Proxy.newProxyInstance(Admin.class.getClassLoader(), admin, (self, method, arguments) -> {
            if (!method.getName().equals("describeTopics")) {
                throw new UnsupportedOperationException(method.getName());
            }
            @SuppressWarnings("unchecked")
            Collection<String> names = (Collection<String>) arguments[0];
            Map<String, KafkaFuture<TopicDescription>> futures = new HashMap<>();
            names.forEach(name -> futures.put(name, describe(name)));
            return new Described(futures);
        });
    }

    private KafkaFuture<TopicDescription> describe(String name) {
        KafkaFutureImpl<TopicDescription> future = new KafkaFutureImpl<>();
        if (failure != null || !partitions.containsKey(name)) {
            future.completeExceptionally(failure != null ? failure : new UnknownTopicOrPartitionException(name));
        } else {
            Node node = new Node(0, "h", 1);
            future.complete(new TopicDescription(name, false, IntStream.range(0, partitions.get(name))
                    .mapToObj(i -> new TopicPartitionInfo(i, node, List.of(node), List.of(node))).toList()));
        }
        return future;
    }

    private static final class Described extends DescribeTopicsResult {

        Described(Map<String, KafkaFuture<TopicDescription>> futures) {
            super(null, futures);
        }
    }
}
