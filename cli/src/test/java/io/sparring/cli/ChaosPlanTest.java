package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.cli.ChaosPlan.Blow;
import io.sparring.cli.ChaosPlan.Kind;
import io.sparring.pipeline.FaultPoint;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChaosPlanTest {

    private static final List<ChaosRole> QUOTA =
            List.of(ChaosRole.BROKER, ChaosRole.PRODUCER, ChaosRole.ATTACKER, ChaosRole.TRAINER);

    @Test
    void givesEachOfTheFourAFifthOfTheKills() {
        for (int kills = 5; kills <= 100; kills += 5) {
            List<Blow> blows = kills(ChaosPlan.of(kills, kills));
            assertThat(blows).hasSize(kills);
            for (ChaosRole role : QUOTA) {
                assertThat(blows).as("%s of %d kills", role, kills).filteredOn(blow -> blow.role() == role).hasSize(kills / 5);
            }
        }
    }

    @Test
    void spreadsAsEvenlyAsItCanWhatIsNoMultipleOfFive() {
        for (int kills = 1; kills <= 50; kills++) {
            List<Blow> blows = kills(ChaosPlan.of(kills, kills));
            assertThat(blows).hasSize(kills);
            for (ChaosRole role : QUOTA) {
                assertThat(blows.stream().filter(blow -> blow.role() == role).count()).as("%s of %d kills", role, kills)
                        .isBetween((long) kills / 5, (kills + 4L) / 5);
            }
        }
    }

    @Test
    void usesEachFaultPointOnceThereAreKillsEnough() {
        for (long seed = 0; seed < 50; seed++) {
            assertThat(kills(ChaosPlan.of(20, seed))).as("seed " + seed).filteredOn(blow -> blow.kind() == Kind.FAULT)
                    .extracting(Blow::fault).contains(FaultPoint.values());
        }
    }

    @Test
    void leavesHalfOfAServicesKillsToChance() {
        List<Blow> trainers = kills(ChaosPlan.of(50, 1)).stream().filter(blow -> blow.role() == ChaosRole.TRAINER).toList();

        assertThat(trainers).filteredOn(blow -> blow.kind() == Kind.KILL).hasSize(5);
        assertThat(kills(ChaosPlan.of(50, 1))).filteredOn(blow -> blow.role() == ChaosRole.BROKER)
                .extracting(Blow::kind).containsOnly(Kind.KILL);
    }

    @Test
    void pausesATrainerOrAnAttackerNowAndThen() {
        assertThat(ChaosPlan.of(50, 1).blows()).filteredOn(blow -> blow.kind() == Kind.PAUSE).extracting(Blow::role)
                .containsExactly(ChaosRole.TRAINER, ChaosRole.ATTACKER, ChaosRole.TRAINER, ChaosRole.ATTACKER, ChaosRole.TRAINER);
    }

    @Test
    void isAFunctionOfItsSeed() {
        assertThat(ChaosPlan.of(50, 7)).isEqualTo(ChaosPlan.of(50, 7));
        assertThat(ChaosPlan.of(50, 7)).isNotEqualTo(ChaosPlan.of(50, 8));
    }

    private static List<Blow> kills(ChaosPlan plan) {
        return plan.blows().stream().filter(blow -> blow.kind() != Kind.PAUSE).toList();
    }
}
