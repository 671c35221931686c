package io.skep.runtime.process.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.runtime.api.ContainerConfig.EnvVar;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.Eventually;
import io.skep.runtime.api.ExecRequest;
import io.skep.runtime.api.Execution;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SessionTest {

    @TempDir
    Path folder;

    @TempDir
    Path logs;

    private RuntimeUnderTest tested;
    private Pods pods;

    @BeforeEach
    void start() throws Exception {
        tested = new RuntimeUnderTest(folder);
        pods = new Pods(tested.runtime(), logs);
    }

    @AfterEach
    void stop() throws Exception {
        tested.removeEverything();
    }

    private Execution.Session begin(String id, ExecRequest request) throws ContainerException {
        return (Execution.Session) tested.runtime().exec(id, request);
    }

    private static ExecRequest onTerminal(String... command) {
        return new ExecRequest(List.of(command), true, true, false, true);
    }

    private static int exit(Execution.Session session) throws Exception {
        return session.exit().toCompletableFuture().get(60, TimeUnit.SECONDS);
    }

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String until(InputStream stream, String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (!text.toString().contains(end)) {
            int next = stream.read();
            assertThat(next).as("the end, after: " + text).isNotNegative();
            text.append((char) next);
        }
        return text.toString();
    }

    @Test
    void terminalIsOneAndHasTheContainersPlaceAndVariables() throws Exception {
        String id = pods.start(
                Pods.with(Pods.of("sleep", "1000"), List.of(new EnvVar("NAME", "va lue")), List.of(), "/usr"));

        try (Execution.Session session =
                begin(id, onTerminal("sh", "-c", "tty; echo \"$NAME $TERM\"; pwd; echo oops >&2; exit 5"))) {
            assertThat(text(session.stdout())).matches("/dev/pts/\\d+\r\nva lue xterm\r\n/usr\r\noops\r\n");
            assertThat(exit(session)).isEqualTo(5);
        }
        assertThat(filesOfCommands(id)).isZero();
    }

    @Test
    void shellOnATerminalEchoesAndFollowsItsSize() throws Exception {
        String id = pods.start(Pods.of("sleep", "1000"));

        try (Execution.Session session = begin(id, onTerminal("sh", "-c", "read word; echo got $word; stty size"))) {
            session.resize(132, 43);
            session.stdin().write("hello\r".getBytes(StandardCharsets.UTF_8));
            session.stdin().flush();

            assertThat(text(session.stdout())).isEqualTo("hello\r\ngot hello\r\n43 132\r\n");
            assertThat(exit(session)).isZero();
        }
    }

    @Test
    void closingATerminalKillsWhatRunsOnIt() throws Exception {
        String id = pods.start(Pods.of("sleep", "1000"));
        Execution.Session session = begin(id, onTerminal("sh", "-c", "trap '' HUP; echo ready; sleep 1003"));
        until(session.stdout(), "ready");

        session.close();

        Eventually.holds("it is gone", () -> !runs("sleep", "1003"));
        exit(session);
        Eventually.holds("its files are gone", () -> filesOfCommands(id) == 0);
    }

    @Test
    void outputEndsWithTheCommandThoughAChildHoldsItsPipes() throws Exception {
        String id = pods.start(Pods.of("sleep", "1000"));

        try (Execution.Session session =
                begin(id, new ExecRequest(List.of("sh", "-c", "sleep 1004 & echo done"), false, true, true, false))) {
            assertThat(text(session.stdout())).isEqualTo("done\n");
            assertThat(exit(session)).isZero();
        }
    }

    @Test
    void commandThatIsNotThereIsSaidWithTheExit() throws Exception {
        String id = pods.start(Pods.of("sleep", "1000"));

        for (ExecRequest request :
                List.of(onTerminal("no-such"), new ExecRequest(List.of("no-such"), false, true, true, false))) {
            try (Execution.Session session = begin(id, request)) {
                assertThatThrownBy(() -> exit(session))
                        .hasRootCauseMessage("exec: \"no-such\": executable file not found in $PATH");
            }
        }
    }

    private long filesOfCommands(String id) throws IOException {
        try (Stream<Path> files = Files.list(tested.layout().container(id).dir())) {
            return files.filter(f -> f.getFileName().toString().startsWith("exec-"))
                    .count();
        }
    }

    private static boolean runs(String... words) {
        return ProcessHandle.allProcesses()
                .anyMatch(p -> p.info()
                        .arguments()
                        .filter(arguments ->
                                List.of(arguments).equals(List.of(words).subList(1, words.length)))
                        .isPresent());
    }
}
