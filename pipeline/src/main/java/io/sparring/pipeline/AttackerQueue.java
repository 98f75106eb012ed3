package io.sparring.pipeline;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;

/**
 * The share group that hands out the clean batches of a run with {@code delivery: queue}. What its promises rest on is set on the
 * group and by nobody else: without it a group begins at the end of the topic, and takes in what is never committed.
 */
public final class AttackerQueue {

    private static final Map<String, String> SETTINGS = new TreeMap<>(Map.of(
            "share.auto.offset.reset", "earliest",
            "share.isolation.level", "read_committed",
            // the least that a broker allows by default: a holder that hangs is waited for so long
            "share.record.lock.duration.ms", "15000"));

    private AttackerQueue() {
    }

    /** Name of the share group. */
    public static String group(String run) {
        return run + ".attacker-queue";
    }

    /** Sets what the group has to have before its first member comes. */
    static void prepare(Admin admin, String run) {
        List<AlterConfigOp> settings = SETTINGS.entrySet().stream().map(setting -> new AlterConfigOp(
                new ConfigEntry(setting.getKey(), setting.getValue()), AlterConfigOp.OpType.SET)).toList();
        try {
            admin.incrementalAlterConfigs(Map.of(resource(run), settings)).all().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot set up the queue " + group(run) + ": " + e.getCause().getMessage(),
                    e.getCause());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /**
     * Refuses a group that has other settings.
     *
     * @throws IllegalStateException naming the setting, what it is and what it has to be
     */
    public static void check(KafkaSettings kafka, String run) {
        Config found;
        try (Admin admin = kafka.admin()) {
            found = admin.describeConfigs(List.of(resource(run))).all().get().get(resource(run));
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot read the settings of the queue " + group(run) + ": "
                    + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        SETTINGS.forEach((name, wanted) -> {
            ConfigEntry entry = found.get(name);
            if (entry == null || !wanted.equals(entry.value())) {
                throw new IllegalStateException("queue " + group(run) + ": " + name + " is "
                        + (entry == null ? "not known" : entry.value()) + "; allowed: " + wanted
                        + ", which `sparring topics create` sets");
            }
        });
    }

    private static ConfigResource resource(String run) {
        return new ConfigResource(ConfigResource.Type.GROUP, group(run));
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException(e);
    }
}
