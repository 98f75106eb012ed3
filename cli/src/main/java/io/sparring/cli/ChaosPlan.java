package io.sparring.cli;

import io.sparring.pipeline.FaultPoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What {@link Chaos} does to whom, a function of its seed. A fifth of the kills is each of broker's, producer's, attackers'
 * and trainer's, as near as their number allows, the rest the evaluator's. Of a service's kills half are by its fault points,
 * or as many as it has; now and then a trainer or an attacker is paused instead.
 */
record ChaosPlan(List<Blow> blows) {

    /** Kills for each pause. */
    private static final int KILLS_A_PAUSE = 10;
    private static final int LONGEST_DELAY_MILLIS = 800;
    private static final int LATEST_VISIT = 3;
    /** The roles of which each has its fifth. */
    private static final List<ChaosRole> QUOTA =
            List.of(ChaosRole.BROKER, ChaosRole.PRODUCER, ChaosRole.ATTACKER, ChaosRole.TRAINER);

    enum Kind { KILL, FAULT, PAUSE }

    /**
     * One of them.
     *
     * @param fault where it dies, of a {@code FAULT}, else null
     * @param visit at which of its visits there
     * @param delayMillis after the step that it waits for
     */
    record Blow(ChaosRole role, Kind kind, FaultPoint fault, int visit, int delayMillis) {

        /** As in {@code SPARRING_FAULT}. */
        String faultText() {
            return fault.pointName() + ":" + visit;
        }
    }

    static ChaosPlan of(int kills, long seed) {
        Random random = new Random(seed);
        List<ChaosRole> roles = roles(kills);
        Collections.shuffle(roles, random);
        Map<ChaosRole, Integer> done = new EnumMap<>(ChaosRole.class);
        List<Blow> blows = new ArrayList<>();
        for (int kill = 0; kill < kills; kill++) {
            ChaosRole role = roles.get(kill);
            int before = done.merge(role, 1, Integer::sum) - 1;
            int delay = random.nextInt(LONGEST_DELAY_MILLIS);
            int visit = 1 + random.nextInt(LATEST_VISIT);
            int count = Collections.frequency(roles, role);
            boolean fault = before < Math.min(count, role.faults().isEmpty() ? 0 : Math.max(role.faults().size(), count / 2));
            blows.add(fault ? fault(role, role.faults().get(before % role.faults().size()), visit, delay)
                    : new Blow(role, Kind.KILL, null, 0, delay));
            if (kill % KILLS_A_PAUSE == KILLS_A_PAUSE / 2) {
                blows.add(new Blow(kill / KILLS_A_PAUSE % 2 == 0 ? ChaosRole.TRAINER : ChaosRole.ATTACKER, Kind.PAUSE, null, 0,
                        delay));
            }
        }
        return new ChaosPlan(List.copyOf(blows));
    }

    /** There may be little to apply again, so that has to be the first visit. */
    private static Blow fault(ChaosRole role, FaultPoint point, int visit, int delay) {
        return new Blow(role, Kind.FAULT, point, point == FaultPoint.TRAINER_AGAIN ? 1 : visit, delay);
    }

    int kills() {
        return (int) blows.stream().filter(blow -> blow.kind() != Kind.PAUSE).count();
    }

    private static List<ChaosRole> roles(int kills) {
        int share = (kills + QUOTA.size()) / (QUOTA.size() + 1);
        List<ChaosRole> roles = new ArrayList<>();
        for (int kill = 0; kill < kills; kill++) {
            boolean quota = kill < share * QUOTA.size();
            roles.add(quota ? QUOTA.get(kill % QUOTA.size()) : ChaosRole.EVALUATOR);
        }
        return roles;
    }
}
