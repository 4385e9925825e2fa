package io.pushgate.standalone;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may use whom; DESIGN, section 6. */
class ArchitectureTest {
    private static final String[] ROLES = {
        "io.pushgate.access..",
        "io.pushgate.purger..",
        "io.pushgate.dispatcher..",
        "io.pushgate.delayer..",
        "io.pushgate.console.."
    };
    private static final String PROTOCOL = "io.pushgate.protocol..";
    private static final String RUNTIME = "io.pushgate.runtime..";
    private static final String MAILBOX = "io.pushgate.mailbox..";

    private static final JavaClasses ALL =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.pushgate");

    private static DescribedPredicate<JavaClass> oursOutside(String... packages) {
        return resideInAPackage("io.pushgate..")
                .and(DescribedPredicate.not(resideInAnyPackage(packages)))
                .as("any other module");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "io.pushgate.access",
                "io.pushgate.purger",
                "io.pushgate.dispatcher",
                "io.pushgate.delayer",
                "io.pushgate.console"
            })
    void aRoleKnowsOnlyWhatItIsBuiltOn(String role) {
        String own = role + "..";
        assertThat(ALL.that(resideInAPackage(own))).isNotEmpty();
        noClasses()
                .that()
                .resideInAPackage(own)
                .should()
                .dependOnClassesThat(oursOutside(own, PROTOCOL, RUNTIME, MAILBOX))
                .check(ALL);
    }

    @Test
    void protocolKnowsNobody() {
        noClasses()
                .that()
                .resideInAPackage(PROTOCOL)
                .should()
                .dependOnClassesThat(oursOutside(PROTOCOL))
                .check(ALL);
    }

    @Test
    void protocolDoesNoInputOrOutput() {
        noClasses()
                .that()
                .resideInAPackage(PROTOCOL)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.net..",
                        "java.nio.channels..",
                        "java.nio.file..",
                        "io.netty..",
                        "io.lettuce..",
                        "org.apache.kafka..")
                .check(ALL);
    }

    @Test
    void runtimeKnowsNothingOfPushes() {
        noClasses()
                .that()
                .resideInAPackage(RUNTIME)
                .should()
                .dependOnClassesThat(oursOutside(RUNTIME))
                .check(ALL);
    }

    @Test
    void mailboxKnowsProtocolAndRuntimeOnly() {
        noClasses()
                .that()
                .resideInAPackage(MAILBOX)
                .should()
                .dependOnClassesThat(oursOutside(MAILBOX, PROTOCOL, RUNTIME))
                .check(ALL);
    }

    @Test
    void onlyTheMailboxTalksToRedis() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        MAILBOX,
                        "io.pushgate.runtime.redis..",
                        "io.pushgate.embedded..",
                        "io.pushgate.testkit..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.lettuce..")
                .check(ALL);
    }

    @Test
    void theClientKnowsTheProtocolOnly() {
        noClasses()
                .that()
                .resideInAPackage("io.pushgate.client..")
                .should()
                .dependOnClassesThat(oursOutside("io.pushgate.client..", PROTOCOL))
                .check(ALL);
    }

    @Test
    void whatIsBroughtAlongKnowsNobody() {
        noClasses()
                .that()
                .resideInAPackage("io.pushgate.embedded..")
                .should()
                .dependOnClassesThat(oursOutside("io.pushgate.embedded.."))
                .check(ALL);
    }

    @Test
    void rolesAreUsedByStandaloneOnly() {
        classes()
                .that()
                .resideInAnyPackage(ROLES)
                .should()
                .onlyHaveDependentClassesThat(
                        resideInAnyPackage(ROLES)
                                .or(resideInAPackage("io.pushgate.standalone.."))
                                .as("roles and standalone"))
                .check(ALL);
    }

    @Test
    void theCommandLineIsNobodysLibrary() {
        classes()
                .that()
                .resideInAPackage("io.pushgate.cli..")
                .should()
                .onlyHaveDependentClassesThat()
                .resideInAPackage("io.pushgate.cli..")
                .check(ALL);
    }

    // What is started as a process of its own has to.
    private static DescribedPredicate<JavaClass> hasNoMain() {
        return DescribedPredicate.describe(
                "have no main method", type -> type.tryGetMethod("main", String[].class).isEmpty());
    }

    @Test
    void onlyTheCommandLinePrints() {
        noClasses()
                .that(hasNoMain())
                .and()
                .resideOutsideOfPackages("io.pushgate.cli..", "io.pushgate.loadtest..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(ALL);
    }

    @Test
    void onlyTheCommandLineEndsTheProcess() {
        noClasses()
                .that(hasNoMain())
                .and()
                .resideOutsideOfPackages("io.pushgate.cli..")
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)
                .check(ALL);
    }
}
