package io.sparring.registry;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.sparring.schemas.SchemaRegistryProvider;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** What keeps the module optional: it sees schemas alone, and its dependencies can be beside everybody else's. */
@AnalyzeClasses(packages = "io.sparring", importOptions = ImportOption.DoNotIncludeTests.class)
class RegistryModuleTest {

    @ArchTest
    static final ArchRule KNOWS_SCHEMAS_ALONE = noClasses().that().resideInAPackage("io.sparring.registry..")
            .should().dependOnClassesThat().resideInAnyPackage("io.sparring.learning..", "io.sparring.pipeline..",
                    "io.sparring.producer..", "io.sparring.attacker..", "io.sparring.trainer..", "io.sparring.evaluator..",
                    "io.sparring.dashboard..", "io.sparring.cli..", "io.sparring.benchmarks..", "io.vertx..");

    @ArchTest
    static final ArchRule NOBODY_KNOWS_IT = noClasses().that().resideOutsideOfPackage("io.sparring.registry..")
            .should().dependOnClassesThat().resideInAnyPackage("io.sparring.registry..", "io.apicurio..");

    @Test
    void bringsNoVertxOfItsOwn() throws Exception {
        for (String theirs : List.of("io.kiota.http.vertx.VertXRequestAdapter", "io.vertx.ext.web.client.WebClient")) {
            assertThatThrownBy(() -> Class.forName(theirs)).as(theirs).isInstanceOf(ClassNotFoundException.class);
        }
        try (InputStream version = ClassLoader.getSystemResourceAsStream("META-INF/vertx/vertx-version.txt")) {
            assertThat(new String(version.readAllBytes(), StandardCharsets.UTF_8)).as("that of the services").startsWith("5.");
        }
    }

    @Test
    void isFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(SchemaRegistryProvider.class)).hasExactlyElementsOfTypes(ApicurioRegistryProvider.class);
    }
}
