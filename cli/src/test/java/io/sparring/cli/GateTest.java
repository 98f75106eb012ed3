package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparring.cli.Gate.Comparison;
import io.sparring.cli.Gate.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateTest {

    private static final Map<String, Double> ACCURACIES = Map.of("clean", 0.8, "pgd-20", 0.679);

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "pgd20 >= 0.5                     | true",
        "pgd-20 >= 0.5                    | true",
        "PGD20>=.5                        | true",
        "pgd20 >= 67.9 %                  | true",
        "pgd20 > 67.9 %                   | false",
        "pgd20 > 67.8%                    | true",
        "pgd20 <= 0.679                   | true",
        "pgd20 < 0.679                    | false",
        "clean >= 80 % and pgd20 >= 50 %  | true",
        "clean >= 80 % AND pgd20 >= 0.7   | false",
        "clean > 0.8 and pgd20 >= 0.5     | false",
        "clean>=0.8 and clean<1and pgd20>0| true",
        "pgd10 >= 0                       | false",
        "clean >= 100 %                   | false",
        "clean <= 1                       | true"})
    void passesWhatMeetsEveryCondition(String text, boolean passes) {
        assertThat(Gate.parse(text).passes(ACCURACIES)).isEqualTo(passes);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "\"\"                      | 1  | name of an attack",
        "0.5 <= pgd20              | 1  | name of an attack",
        "pgd20                     | 6  | >=, >, <= or <",
        "pgd20 = 0.5               | 7  | >=, >, <= or <",
        "pgd20 => 0.5              | 7  | >=, >, <= or <",
        "pgd20 >= half             | 10 | a share such as 0.5 or 50 %",
        "pgd20 >= -1               | 10 | a share such as 0.5 or 50 %",
        "pgd20 >=                  | 9  | a share such as 0.5 or 50 %",
        "pgd20 >= 50               | 10 | a share from 0 to 1",
        "pgd20 >= 101 %            | 10 | 0 % to 100 %",
        "pgd20 >= 0.5 or clean > 0 | 14 | and, or the end",
        "pgd20 >= 0.5.1            | 13 | and, or the end",
        "pgd20 >= 0.5 andclean > 0 | 14 | and, or the end",
        "pgd20 >= 0.5 and          | 17 | name of an attack",
        "pgd20 >= 0.5, clean > 0   | 13 | and, or the end"})
    void refusesWhatIsNoGateNamingThePlace(String text, int character, String allowed) {
        assertThatThrownBy(() -> Gate.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("--gate: at character " + character + " of '" + text + "'").hasMessageContaining(allowed);
    }

    @Test
    void readsBackWhatIsWrittenInAnyManner() {
        for (long seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            List<Condition> conditions = new ArrayList<>();
            StringBuilder text = new StringBuilder(blanks(random));
            for (int i = 0; i <= random.nextInt(4); i++) {
                String attack = List.of("clean", "pgd20", "pgd-20", "apgd-ce", "Square-1000").get(random.nextInt(5));
                Comparison comparison = Comparison.values()[random.nextInt(4)];
                int thousandths = random.nextInt(1001);
                conditions.add(new Condition(attack, comparison, thousandths / 1000.0));
                String value = random.nextBoolean() ? String.format(Locale.ROOT, "%.3f", thousandths / 1000.0)
                        : String.format(Locale.ROOT, "%.1f", thousandths / 10.0) + blanks(random) + "%";
                text.append(i == 0 ? "" : random.nextBoolean() ? " and " : " And\t").append(blanks(random)).append(attack)
                        .append(blanks(random)).append(comparison.sign()).append(blanks(random)).append(value)
                        .append(blanks(random));
            }
            assertThat(Gate.parse(text.toString()).conditions()).as("seed %d: '%s'", seed, text)
                    .containsExactlyElementsOf(conditions);
        }
    }

    @Test
    void answersAnyTextWithAGateOrARefusal() {
        String characters = "pgdcleanad20-.%<>= ";
        for (long seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(20); i > 0; i--) {
                text.append(characters.charAt(random.nextInt(characters.length())));
            }
            try {
                assertThat(Gate.parse(text.toString()).conditions()).as("seed %d: '%s'", seed, text).isNotEmpty()
                        .allSatisfy(condition -> assertThat(condition.bound()).isBetween(0.0, 1.0));
            } catch (IllegalArgumentException refused) {
                assertThat(refused).as("seed %d", seed).hasMessageStartingWith("--gate: at character ");
            }
        }
    }

    @Test
    void judgesOnlyWhatIsReportedInFull() {
        Gate gate = Gate.parse("pgd20 >= 0.5 and clean > 0.5");

        assertThat(gate.judges(Map.of("clean", 0.1))).isFalse();
        assertThat(gate.judges(new TreeMap<>(ACCURACIES))).isTrue();
        assertThat(gate.passes(Map.of("clean", 0.9))).isFalse();
        assertThat(gate.attacks()).containsExactly("clean", "pgd20");
    }

    @Test
    void refusesAnAttackThatTheRunDoesNotReport() {
        Gate gate = Gate.parse("pgd50 >= 0.5");

        assertThatThrownBy(() -> gate.requireReported(List.of("clean", "pgd-20"))).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--gate: 'pgd50' is not reported by the run; allowed: clean, pgd-20");
        gate.requireReported(Set.of("pgd-50"));
    }

    private static String blanks(Random random) {
        return " ".repeat(random.nextInt(3));
    }
}
