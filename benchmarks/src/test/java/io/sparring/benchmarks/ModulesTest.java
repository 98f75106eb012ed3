package io.sparring.benchmarks;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.AccessTarget.MethodCallTarget;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** Who may know whom: what the modules' places in the build say, checked for every class. */
@AnalyzeClasses(packages = "io.sparring", importOptions = ImportOption.DoNotIncludeTests.class)
class ModulesTest {

    /** A module sees those before it. */
    private static final List<String> ORDER =
            List.of("schemas", "learning", "pipeline", "producer", "attacker", "trainer", "evaluator",
                    "dashboard", "cli", "mlflow", "benchmarks");

    @ArchTest
    static final ArchRule LEARNING_KNOWS_NO_KAFKA = noClasses().that().resideInAPackage(of("learning"))
            .should().dependOnClassesThat().resideInAnyPackage("org.apache.kafka..", of("schemas"), of("pipeline"), "io.vertx..");

    @ArchTest
    static final ArchRule PIPELINE_KNOWS_NO_LEARNING = noClasses().that().resideInAPackage(of("pipeline"))
            .should().dependOnClassesThat().resideInAnyPackage(of("learning"), "ai.djl..", "org.tensorflow..");

    @ArchTest
    static final ArchRule SCHEMAS_KNOW_NO_VERTX = noClasses().that().resideInAPackage(of("schemas"))
            .should().dependOnClassesThat().resideInAnyPackage("io.vertx..", of("learning"), "ai.djl..", "org.tensorflow..");

    @ArchTest
    static final ArchRule ONLY_LEARNING_KNOWS_TENSORFLOW = noClasses().that().resideOutsideOfPackage(of("learning"))
            .should().dependOnClassesThat().resideInAnyPackage("ai.djl..", "org.tensorflow..");

    @ArchTest
    static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS = noClasses()
            .should().haveNameMatching(".*(Utils|Util|Helper|Manager|Impl)(\\$.*)?");

    /** But for those two, who ask Kafka again and again for what it tells nobody by itself. */
    @ArchTest
    static final ArchRule NOBODY_SLEEPS = noClasses().that()
            .haveNameNotMatching("io\\.sparring\\.pipeline\\.(RunRegistry|RunTopics)")
            .should().callMethodWhere(describe("the current thread sleeps", ModulesTest::isSleep));

    @ArchTest
    static void dependenciesPointUp(JavaClasses classes) {
        for (int module = 0; module < ORDER.size() - 1; module++) {
            noClasses().that().resideInAPackage(of(ORDER.get(module))).should().dependOnClassesThat()
                    .resideInAnyPackage(ORDER.stream().skip(module + 1).map(ModulesTest::of).toArray(String[]::new))
                    .check(classes);
        }
    }

    private static String of(String module) {
        return "io.sparring." + module + "..";
    }

    private static boolean isSleep(JavaMethodCall call) {
        MethodCallTarget target = call.getTarget();
        return target.getName().equals("sleep") && List.of("java.lang.Thread", "java.util.concurrent.TimeUnit")
                .contains(target.getOwner().getName());
    }
}
