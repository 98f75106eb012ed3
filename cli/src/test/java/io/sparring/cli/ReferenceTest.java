package io.sparring.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.learning.AttackNorm;
import io.sparring.learning.NetworkSpecification;
import io.sparring.learning.ObjectiveSpecification;
import io.sparring.pipeline.Metric;
import io.sparring.pipeline.RunSpecification;
import io.sparring.producer.DataSets;
import io.sparring.schemas.RunTopic;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReferenceTest {

    /** {@code -Dreference.write=true} writes the files first. */
    @Test
    void theCommittedFilesAreWhatTheCodeSays() throws IOException {
        for (Map.Entry<Path, String> file : Reference.files().entrySet()) {
            if (Boolean.getBoolean("reference.write")) {
                Files.writeString(file.getKey(), file.getValue());
            }
            assertThat(Files.exists(file.getKey()) ? Files.readString(file.getKey()) : "")
                    .as(file.getKey() + " is not what the code says; to make it again: mvn -pl cli -am test -Dtest=ReferenceTest "
                            + "-Dsurefire.failIfNoSpecifiedTests=false -Dreference.write=true")
                    .isEqualTo(file.getValue());
        }
    }

    @Test
    void nothingThatARunMayNameIsMissing() throws IOException {
        String text = String.join("", Reference.files().values());
        assertThat(ObjectiveSpecification.names()).allSatisfy(name -> assertThat(text).contains("| `" + name + "` | "));
        assertThat(NetworkSpecification.names()).allSatisfy(name -> assertThat(text).contains("| `" + name + "` | "));
        assertThat(AttackNorm.names()).allSatisfy(name -> assertThat(text).contains("| `" + name + "` | "));
        assertThat(DataSets.names()).allSatisfy(name -> assertThat(text).contains("| `" + name + "` | "));
        assertKeys(RunSpecification.class, "", text);
        assertThat(Metric.values()).allSatisfy(metric -> assertThat(text).contains(metric.description()));
        assertThat(Sparring.commandLine().getSubcommands().keySet())
                .allSatisfy(name -> assertThat(text).contains("| `" + name + "` | "));
        assertThat(RunTopic.values()).allSatisfy(topic -> assertThat(text).contains("| `" + topic.of("").substring(1) + "` | "));
    }

    private static void assertKeys(Class<?> type, String prefix, String text) {
        for (RecordComponent component : type.getRecordComponents()) {
            if (component.getType().isRecord()) {
                assertKeys(component.getType(), prefix + component.getName() + ".", text);
            } else {
                assertThat(text).containsPattern("\\| `" + prefix + component.getName() + "` \\| `[^|]+` \\| \\S");
            }
        }
    }
}
