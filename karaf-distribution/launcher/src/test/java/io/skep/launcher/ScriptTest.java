package io.skep.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code skep} in a checkout whose Maven and JDK are not the real ones; its path has a space. */
class ScriptTest {

    private static final String BUILDS = "mkdir -p karaf-distribution/target/assembly/lib/skep\n"
            + "touch karaf-distribution/target/assembly/lib/skep/launcher.jar\n";

    @TempDir
    Path folder;

    private Path checkout;

    private record End(int code, String text) {}

    @BeforeEach
    void makeCheckout() throws IOException {
        checkout = Files.createDirectory(folder.resolve("my skep"));
        for (String name : new String[] {"bundles", "features", "config", "karaf-distribution"}) {
            Files.createDirectory(checkout.resolve(name));
        }
        Files.writeString(checkout.resolve("pom.xml"), "<project>\n  <version>7.1</version>\n</project>\n");
        Files.copy(Path.of("..", "..", "skep"), checkout.resolve("skep"));
        program("jdk/bin/javac", "");
        program("jdk/bin/java", """
                case "$1" in -XshowSettings*) echo "  java.specification.version = 17" >&2; exit ;; esac
                while [ "$1" != io.skep.launcher.Main ]; do shift; done
                shift
                echo "launched: $*"
                """);
    }

    private void program(String name, String lines) throws IOException {
        Path file = checkout.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + lines);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void maven(String lines) throws IOException {
        program("mvnw", "echo built >> builds\n" + lines);
    }

    private long builds() throws IOException {
        Path file = checkout.resolve("builds");
        return Files.exists(file) ? Files.readAllLines(file).size() : 0;
    }

    private End skep(String... words) throws IOException, InterruptedException {
        return run(List.of(), words);
    }

    private End run(List<Path> path, String... words) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder("/bin/bash", checkout.resolve("skep").toString());
        builder.command().addAll(List.of(words));
        builder.redirectErrorStream(true).environment().remove("HOME");
        builder.environment().put("JAVA_HOME", checkout.resolve("jdk").toString());
        path.forEach(each -> builder.environment().put("PATH", each.toString()));
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new End(process.waitFor(), text);
    }

    @Test
    void firstVerbBuildsAndTheNextDoesNot() throws Exception {
        maven(BUILDS);

        assertThat(skep("up", "edge").text()).contains("building").contains("launched: up edge");
        assertThat(skep("up", "edge").text()).isEqualTo("launched: up edge\n");
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void helpAndVersionBuildNothing() throws Exception {
        maven(BUILDS);

        assertThat(skep("help").text()).contains("Usage: skep");
        assertThat(skep("version").text()).isEqualTo("skep 7.1, not built yet\n");
        assertThat(builds()).isZero();
    }

    /** What runs runs from the distribution: who only looks at it must not have it replaced. */
    @Test
    void newerSourcesAreBuiltForWhatStartsSomethingOnly() throws Exception {
        maven(BUILDS);
        skep("status");
        Path source = Files.writeString(checkout.resolve("config/new.cfg"), "");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(60)));

        assertThat(skep("status").text()).isEqualTo("launched: status\n");
        assertThat(skep("up", "--help").text()).isEqualTo("launched: up --help\n");
        assertThat(builds()).isEqualTo(1);
        assertThat(skep("up").text()).contains("building").contains("launched: up");
    }

    @Test
    void halfADistributionIsNotTakenForAWholeOne() throws Exception {
        maven(BUILDS + "exit 1\n");
        assertThat(skep("status").code()).isEqualTo(1);

        maven(BUILDS);
        assertThat(skep("status").text()).contains("building").contains("launched: status");
    }

    @Test
    void buildThatFailsSaysWhy() throws Exception {
        maven("echo '[ERROR] no such symbol'; exit 1\n");
        assertThat(skep("up").text()).contains("no such symbol").contains("skep: the build failed");

        maven("echo 'something else'; exit 1\n");
        assertThat(skep("up").text()).contains("something else").contains("skep: the build failed");

        maven("echo 'java.net.UnknownHostException: repo.maven.apache.org'; exit 1\n");
        End end = skep("up");
        assertThat(end.text()).contains("want of a way to Maven Central");
        assertThat(end.code()).isEqualTo(1);
    }

    /** A machine of root's that has a few programs, and packages of what {@code packaged} says. */
    private Path machine(boolean packaged, String curl) throws IOException {
        for (String name : List.of("cat", "chmod", "dirname", "mkdir", "mktemp", "mv", "readlink", "rm", "sed", "sh")) {
            program("machine/" + name, "exec /bin/" + name + " \"$@\"\n");
        }
        for (String name : List.of("dpkg", "sha256sum", "tail")) {
            program("machine/" + name, "exec /usr/bin/" + name + " \"$@\"\n");
        }
        program("machine/id", "echo 0\n");
        program("machine/apt-get", """
                case "$*" in *" -s "*) exit %d ;; esac
                echo "$@" >> '%s/installed'
                """.formatted(packaged ? 0 : 100, checkout));
        program("machine/curl", curl);
        maven("echo \"tested: $1 $2 $3\"\n");
        return checkout.resolve("machine");
    }

    private String installed() throws IOException {
        return Files.readString(checkout.resolve("installed"));
    }

    @Test
    void testsTakeKubectlFromItsPackageWhereThereIsOne() throws Exception {
        Path bin = machine(true, "exit 1\n");

        End end = run(List.of(bin), "test");

        assertThat(end.text()).contains("tested:").doesNotContain("fetching");
        assertThat(installed()).contains("kubernetes-client");
    }

    @Test
    void testsRunWithoutKubectlWhereNoneIsToBeHad() throws Exception {
        Path bin = machine(false, "exit 6\n");

        End end = run(List.of(bin), "test");

        assertThat(end.text()).contains("there is no kubectl to be had").contains("tested:");
        assertThat(installed()).doesNotContain("kubernetes-client");
    }

    @Test
    void fetchedKubectlThatIsNotTheOneKnownIsNotRun() throws Exception {
        Path bin = machine(false, "while [ \"$1\" != -o ]; do shift; done; echo other > \"$2\"\n");

        End end = run(List.of(bin), "test");

        assertThat(end.text()).contains("is not kubernetes-client_").doesNotContain("tested:");
        assertThat(end.code()).isEqualTo(1);
        assertThat(checkout.resolve("target/bin/usr/bin/kubectl")).doesNotExist();
    }
}
