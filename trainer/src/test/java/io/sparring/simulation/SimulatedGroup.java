package io.sparring.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * A classic consumer group with cooperative, sticky assignment: a partition goes to another member only once the one that has
 * it has given it up, in a poll, or is gone. Members hear of an assignment when they poll, so until then they work under an
 * older generation, and what they commit fails.
 */
final class SimulatedGroup {

    static final long SESSION_MILLIS = 6_000;

    private final String name;
    private final List<TopicPartition> partitions;
    private final Random random;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    private int generation;
    private int joined;

    private static final class Member {
        private final SimulatedProcess process;
        private final Set<Integer> has = new TreeSet<>();
        private Set<Integer> assigned = new TreeSet<>();
        private int generation = -1;

        Member(SimulatedProcess process) {
            this.process = process;
        }
    }

    /** What a member hears at a poll. */
    record News(Set<Integer> revoked, Set<Integer> assigned, int generation) {}

    SimulatedGroup(String name, List<TopicPartition> partitions, Random random) {
        this.name = name;
        this.partitions = partitions;
        this.random = random;
    }

    String name() {
        return name;
    }

    TopicPartition partition(int index) {
        return partitions.get(index);
    }

    String join(SimulatedProcess process) {
        String member = process.name() + "#" + joined++;
        members.put(member, new Member(process));
        rebalance();
        return member;
    }

    void leave(String member) {
        if (members.remove(member) != null) {
            rebalance();
        }
    }

    boolean has(String member) {
        return members.containsKey(member);
    }

    /** Who has been silent for the session's time is out. */
    void expire(long now) {
        if (members.values().removeIf(member -> member.process.silentFor(now) > SESSION_MILLIS)) {
            rebalance();
        }
    }

    /** Takes a partition from somebody, as happens when members come and go elsewhere. */
    void shake() {
        List<Member> owners = members.values().stream()
                .filter(member -> !member.has.isEmpty() && member.assigned.containsAll(member.has)).toList();
        if (members.size() > 1 && !owners.isEmpty()) {
            Member loser = owners.get(random.nextInt(owners.size()));
            // free once the loser has heard of it
            loser.assigned.remove(loser.has.iterator().next());
            generation++;
        }
    }

    /** What is new for the member since its last poll; null if nothing is. */
    News poll(String name) {
        Member member = members.get(name);
        if (member.generation == generation) {
            return null;
        }
        Set<Integer> revoked = new LinkedHashSet<>(member.has);
        revoked.removeAll(member.assigned);
        Set<Integer> assigned = new LinkedHashSet<>(member.assigned);
        assigned.removeAll(member.has);
        member.has.removeAll(revoked);
        member.has.addAll(assigned);
        member.generation = generation;
        if (!revoked.isEmpty()) {
            rebalance();
        }
        return new News(revoked, assigned, generation);
    }

    /** Whether a member may commit positions. */
    boolean accepts(String member, int itsGeneration) {
        return has(member) && itsGeneration == generation;
    }

    void commit(Map<TopicPartition, OffsetAndMetadata> positions) {
        committed.putAll(positions);
    }

    OffsetAndMetadata committed(TopicPartition partition) {
        return committed.get(partition);
    }

    private void rebalance() {
        generation++;
        if (members.isEmpty()) {
            return;
        }
        List<Member> all = new ArrayList<>(members.values());
        int most = (partitions.size() - 1) / all.size() + 1;
        Set<Integer> free = new TreeSet<>();
        for (int partition = 0; partition < partitions.size(); partition++) {
            free.add(partition);
        }
        for (Member member : all) {
            member.assigned = new TreeSet<>(member.has);
            while (member.assigned.size() > most) {
                member.assigned.remove(member.assigned.iterator().next());
            }
            // nobody gets what this one has not given up
            free.removeAll(member.has);
        }
        for (int partition : free) {
            int least = all.stream().mapToInt(member -> member.assigned.size()).min().orElseThrow();
            List<Member> poorest = all.stream().filter(member -> member.assigned.size() == least)
                    .sorted(Comparator.comparing(member -> member.process.name())).toList();
            poorest.get(random.nextInt(poorest.size())).assigned.add(partition);
        }
    }
}
