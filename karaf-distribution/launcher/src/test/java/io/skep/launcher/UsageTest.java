package io.skep.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.launcher.command.CloudAddress;
import io.skep.launcher.command.KubectlCommand;
import io.skep.launcher.command.ShellWords;
import io.skep.launcher.host.UsageException;
import io.skep.launcher.instance.Role;
import io.skep.launcher.instance.Setting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class UsageTest {

    @TempDir
    Path folder;

    private final PrintStream terminal = System.err;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @BeforeEach
    void catchErrors() {
        System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
        System.setProperty("skep.home", folder.toString());
        System.setProperty("skep.data", folder.resolve("instances").toString());
    }

    @AfterEach
    void restore() {
        System.setErr(terminal);
        System.clearProperty("skep.home");
        System.clearProperty("skep.data");
    }

    private void isRefused(String reason, String... line) {
        printed.reset();

        assertThat(Main.run(line)).as(String.join(" ", line)).isEqualTo(2);

        assertThat(printed.toString(StandardCharsets.UTF_8).strip())
                .as(String.join(" ", line))
                .startsWith("skep: ")
                .contains(reason)
                .hasLineCount(1);
    }

    @Test
    void badUsageIsExitCodeTwoAndOneClearLine() {
        isRefused("name a verb");
        isRefused("fly", "fly");
        isRefused("'moon' is no role: it is edge, cloud or site", "up", "moon");
        isRefused("'A' is no instance name", "up", "edge", "--name", "A");
        isRefused("--timeout", "up", "--timeout", "soon");
        isRefused("--token", "join", "cloud.example");
        isRefused("see 'skep help join'", "join", "--token", "t");
        isRefused("'a b' is no address of a cloud", "join", "a b", "--token", "t");
        isRefused("--lines", "logs", "-n", "x");
        isRefused("--nonsense", "status", "--nonsense");
        isRefused("--nonsense", "doctor", "--nonsense");
    }

    @Test
    void settingIsPidKeyAndValue() {
        assertThat(Setting.parse("io.skep.bus:mailbox.size=7"))
                .isEqualTo(new Setting("io.skep.bus", "mailbox.size", "7"));
        assertThat(Setting.parse("a~b:c_d=x:y=z")).isEqualTo(new Setting("a~b", "c_d", "x:y=z"));
        assertThat(Setting.parse("a:b=")).isEqualTo(new Setting("a", "b", ""));
        for (String bad : new String[] {"", "a", "a:b", ":b=c", "a:=c", "../a:b=c", "a:b=c\nd=e", "a b:c=d"}) {
            assertThatThrownBy(() -> Setting.parse(bad)).as(bad).isInstanceOf(UsageException.class);
        }
    }

    /** The parser loses the dashes that kubectl's exec is nothing without. */
    @Test
    void kubectlIsGivenAllItsWords() {
        assertThat(KubectlCommand.afterVerb(List.of("kubectl", "exec", "web", "--", "ls", "kubectl")))
                .containsExactly("exec", "web", "--", "ls", "kubectl");
    }

    @Test
    void builtInKubectlTakesOptionsWhereKubectlDoes() {
        assertThat(ShellWords.of(List.of("get", "pods", "-o", "wide", "-A")))
                .containsExactly("cloud:get", "-o", "wide", "-A", "pods");
        assertThat(ShellWords.of(List.of("delete", "pod", "web", "--namespace=a", "--grace-period=0")))
                .containsExactly("cloud:delete", "--namespace", "a", "--grace-period", "0", "pod", "web");
    }

    @Test
    void builtInKubectlNamesAFileSoThatTheInstanceFindsIt() {
        assertThat(ShellWords.of(List.of("apply", "-n", "a", "-f", "pod.yaml")))
                .containsExactly(
                        "cloud:apply",
                        "-n",
                        "a",
                        Path.of("pod.yaml").toAbsolutePath().toString());
        assertThat(ShellWords.of(List.of("apply", "--filename=/my apps/$1.yaml")))
                .containsExactly("cloud:apply", "\"/my apps/\\$1.yaml\"");
    }

    /** The script says it before there is a launcher to ask. */
    @Test
    void scriptsOwnUsageNamesEveryVerb() throws IOException {
        String script = Files.readString(Path.of("..", "..", "skep"));
        String usage = script.substring(script.indexOf("Usage: skep"), script.indexOf("\nEND\n"));

        assertThat(List.of(usage.split("[\\s,;']+")))
                .containsAll(new CommandLine(Main.class).getSubcommands().keySet());
    }

    /** Without dashes before it: nobody expects that {@code -p} of a Karaf command is ours. */
    @Test
    void commandOfTheShellKeepsItsOptions() {
        isAnswered(
                "there is no instance 'none'", "shell", "--name", "none", "config:property-set", "-p", "pid", "k", "v");
        isAnswered("there is no instance 'none'", "shell", "--name", "none", "edge:pods", "--json");
    }

    private void isAnswered(String said, String... line) {
        printed.reset();

        assertThat(Main.run(line)).isEqualTo(1);

        assertThat(printed.toString(StandardCharsets.UTF_8)).contains(said);
    }

    @Test
    void roleIsOneOfThree() {
        assertThat(Role.of("edge")).isEqualTo(Role.EDGE);
        assertThat(Role.of("site").id()).isEqualTo("site");
        for (String bad : new String[] {"", "Edge", "EDGE", "node"}) {
            assertThatThrownBy(() -> Role.of(bad)).as(bad).isInstanceOf(UsageException.class);
        }
    }

    @Test
    void cloudIsHostOrHostAndPort() {
        assertThat(CloudAddress.parse("cloud.example", 10002))
                .isEqualTo(new CloudAddress("cloud.example", 10000, 10002));
        assertThat(CloudAddress.parse("10.0.0.1:20000", 1).webSocket()).isEqualTo("wss://10.0.0.1:20000");
        assertThat(CloudAddress.parse("[::1]", 10002).https()).isEqualTo("https://[::1]:10002");
        assertThat(CloudAddress.parse("[::1]:7", 10002).webSocket()).isEqualTo("wss://[::1]:7");
        for (String bad : new String[] {"", "a b", "https://cloud", "cloud/x", "cloud:port", "user@cloud", "::1"}) {
            assertThatThrownBy(() -> CloudAddress.parse(bad, 1)).as(bad).isInstanceOf(UsageException.class);
        }
    }
}
