package io.sshpool.impl;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.Calendar;
import java.util.Date;
import java.util.List;

/** The dependency rule of the design, and those rules of style that a compiler does not know. */
@AnalyzeClasses(packages = "io.sshpool", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String IMPL = "io.sshpool.impl.";

    @ArchTest
    static final ArchRule the_api_uses_itself_and_the_jdk = classes()
            .that()
            .resideInAnyPackage("io.sshpool", "io.sshpool.spi")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "io.sshpool", "io.sshpool.spi", "jakarta.inject", "jakarta.enterprise.util");

    @ArchTest
    static final ArchRule the_pool_uses_the_api_and_the_jdk = classes()
            .that()
            .resideInAPackage(IMPL + "pool..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "io.sshpool", "io.sshpool.spi", IMPL + "pool..");

    @ArchTest
    static final ArchRule mina_uses_the_pool_and_the_api = usesNoOtherPartThan("mina", "pool");

    @ArchTest
    static final ArchRule config_uses_the_pool_and_the_api = usesNoOtherPartThan("config", "pool");

    @ArchTest
    static final ArchRule health_uses_the_pool_and_the_api = usesNoOtherPartThan("health", "pool");

    @ArchTest
    static final ArchRule telemetry_uses_the_pool_and_the_api = usesNoOtherPartThan("telemetry", "pool");

    @ArchTest
    static final ArchRule mina_and_bouncy_castle_are_known_to_mina_only =
            onlyIn(List.of("mina"), resideInAnyPackage("org.apache.sshd..", "org.bouncycastle.."));

    @ArchTest
    static final ArchRule jakarta_is_known_to_cdi_and_health_only =
            onlyIn(List.of("cdi", "health"), resideInAPackage("jakarta.."));

    @ArchTest
    static final ArchRule microprofile_is_known_to_config_and_health_only = onlyIn(
            List.of("config", "health"),
            resideInAPackage("org.eclipse.microprofile..").and(not(named("org.eclipse.microprofile.config.Config"))));

    @ArchTest
    static final ArchRule the_config_object_is_known_to_cdi_too =
            onlyIn(List.of("config", "health", "cdi"), named("org.eclipse.microprofile.config.Config"));

    @ArchTest
    static final ArchRule opentelemetry_is_known_to_telemetry_only =
            onlyIn(List.of("telemetry"), resideInAPackage("io.opentelemetry.."));

    @ArchTest
    static final ArchRule nobody_can_confuse_our_client_with_that_of_mina = noClasses()
            .that(use("org.apache.sshd.client.SshClient"))
            .should()
            .dependOnClassesThat(named("io.sshpool.SshClient"))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule the_wall_clock_serves_certificates_only = noClasses()
            .that(not(named(IMPL + "mina.Validity")))
            .should()
            .callCodeUnitWhere(describe("it reads the wall clock", ArchitectureTest::readsTheWallClock));

    @ArchTest
    static final ArchRule nothing_is_printed = GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    @ArchTest
    static final ArchRule what_is_logged_goes_through_the_platform = noClasses()
            .that()
            // MINA's constructors take an SLF4J logger.
            .resideOutsideOfPackage(IMPL + "mina..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.util.logging..", "org.slf4j..", "org.apache.logging..", "org.jboss.logging..");

    @ArchTest
    static final ArchRule names_say_something = noClasses()
            .should()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameStartingWith("Abstract");

    @ArchTest
    static final ArchRule classes_are_final_unless_a_container_proxies_them = classes()
            .that()
            .resideInAPackage(IMPL + "(*)..")
            .and()
            .resideOutsideOfPackages(IMPL + "cdi..", IMPL + "health..")
            .and()
            .areNotInterfaces()
            .and()
            .areNotEnums()
            .and()
            .areNotAnonymousClasses()
            .and()
            // The constants of an enum that have a body are classes of their own.
            .areNotAssignableTo(Enum.class)
            .should()
            .haveModifier(JavaModifier.FINAL);

    private static ArchRule usesNoOtherPartThan(String part, String... others) {
        DescribedPredicate<JavaClass> other =
                resideInAPackage(IMPL + "(*)..").and(not(resideInAPackage(IMPL + part + "..")));
        for (String allowed : others) {
            other = other.and(not(resideInAPackage(IMPL + allowed + "..")));
        }
        return noClasses()
                .that()
                .resideInAPackage(IMPL + part + "..")
                .should()
                .dependOnClassesThat(other)
                .allowEmptyShould(true);
    }

    private static ArchRule onlyIn(List<String> parts, DescribedPredicate<JavaClass> what) {
        String[] packages = parts.stream().map(part -> IMPL + part + "..").toArray(String[]::new);
        return noClasses()
                .that()
                .resideInAPackage("io.sshpool.impl..")
                .and()
                .resideOutsideOfPackages(packages)
                .should()
                .dependOnClassesThat(what);
    }

    private static DescribedPredicate<JavaClass> named(String name) {
        return describe("is " + name, c -> c.getName().equals(name));
    }

    private static DescribedPredicate<JavaClass> use(String name) {
        return describe(
                "use " + name,
                c -> c.getDirectDependenciesFromSelf().stream()
                        .anyMatch(d -> d.getTargetClass().getName().equals(name)));
    }

    private static boolean readsTheWallClock(JavaCall<?> call) {
        String owner = call.getTargetOwner().getName();
        String name = call.getName();
        if (owner.startsWith("java.time.")) {
            return name.equals("now") || name.startsWith("system") || name.startsWith("tick");
        }
        return name.equals("currentTimeMillis")
                || owner.equals(Calendar.class.getName()) && name.equals("getInstance")
                || owner.equals(Date.class.getName())
                        && name.equals("<init>")
                        && call.getTarget().getRawParameterTypes().isEmpty();
    }
}
