package io.skep.shell.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.bus.MessageBus;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.karaf.shell.support.CommandException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RolloutTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String ENDED = "{\"state\":\"ENDED\",\"operation\":{\"outcome\":\"SUCCEEDED\","
            + "\"pauseMillis\":12,\"from\":\"a/1\",\"to\":\"a/2\"}}";

    @TempDir
    Path folder;

    /** A node that keeps what it is sent; the test says what goes wrong. */
    private static final class Node {
        private final ByteArrayOutputStream received = new ByteArrayOutputStream();
        private final List<String> asked = new ArrayList<>();
        private final Deque<EdgeException> troubles = new ArrayDeque<>();
        private long bytes = -1;
        private int queriesUntilEnd = 1;
        private String answersFor = "a";

        Message answer(Message question) {
            asked.add(question.route().operation());
            if (!troubles.isEmpty()
                    && troubles.peek().getMessage().startsWith(question.route().operation())) {
                throw troubles.poll();
            }
            Map<?, ?> tree = (Map<?, ?>) Json.read(question.content().json());
            switch (question.route().operation()) {
                case "insert" -> bytes = ((Number) tree.get("bytes")).longValue();
                case "update" -> {
                    if (((Number) tree.get("offset")).longValue() == received.size()) {
                        received.writeBytes(Base64.getDecoder().decode((String) tree.get("data")));
                    }
                }
                default -> queriesUntilEnd--;
            }
            String json = received.size() < bytes
                    ? "{\"state\":\"RECEIVING\",\"received\":" + received.size() + "}"
                    : queriesUntilEnd > 0 ? "{\"state\":\"RUNNING\"}" : ENDED;
            Message reply = question.reply(new Content.Json(json));
            return reply.withRoute(reply.route()
                    .withResource(reply.route().resource().replaceFirst("node/[^/]+", "node/" + answersFor)));
        }

        MessageBus bus() {
            return (MessageBus) Proxy.newProxyInstance(
                    MessageBus.class.getClassLoader(),
                    new Class<?>[] {MessageBus.class},
                    (proxy, method, args) -> answer((Message) args[1]));
        }
    }

    private final Node node = new Node();

    private RolloutPackage file(int bytes) throws IOException {
        byte[] content = new byte[bytes];
        IntStream.range(0, bytes).forEach(i -> content[i] = (byte) (i * 31));
        Path file = Files.write(folder.resolve("module.jar"), content);
        return new RolloutPackage(file, "ab".repeat(32), bytes);
    }

    private NodeResult upgrade(RolloutPackage file) throws InterruptedException {
        return new NodeUpgrade(node.bus(), "a", "edged", file, false).run(LIMIT);
    }

    @Test
    void packageGoesInPiecesAndTheOutcomeIsAskedFor() throws Exception {
        RolloutPackage file = file(2_500_000);

        NodeResult result = upgrade(file);

        assertThat(result.succeeded()).as(result.reason()).isTrue();
        assertThat(result.pause()).isEqualTo("12 ms");
        assertThat(result.change()).isEqualTo("a/1 -> a/2");
        assertThat(node.received.toByteArray()).isEqualTo(Files.readAllBytes(file.file()));
        assertThat(node.asked).containsExactly("insert", "update", "update", "update", "query");
    }

    // A link that drops must not have a package sent from its beginning, nor an operation begun twice.
    @Test
    void afterADropItGoesOnWhereItWas() throws Exception {
        node.troubles.add(new EdgeException(Reason.TIMEOUT, "update lost"));
        node.troubles.add(new EdgeException(Reason.SERVICE_UNAVAILABLE, "query: node a is not connected"));

        NodeResult result = upgrade(file(1_500_000));

        assertThat(result.succeeded()).as(result.reason()).isTrue();
        assertThat(node.received.size()).isEqualTo(1_500_000);
        assertThat(node.asked).containsExactly("insert", "update", "insert", "update", "update", "query", "query");
    }

    @Test
    void nodeThatIsNotThereFailsAtOnce() throws Exception {
        node.troubles.add(new EdgeException(Reason.SERVICE_UNAVAILABLE, "insert: node a is not connected"));

        assertThat(upgrade(file(10)).reason()).isEqualTo("insert: node a is not connected");
        assertThat(node.asked).hasSize(1);
    }

    @Test
    void answerOfAnotherNodeIsNotBelieved() throws Exception {
        node.answersFor = "b";

        assertThat(upgrade(file(10)).reason()).isEqualTo("another node answered for a");
    }

    @Test
    void nodeThatNeverEndsIsGivenUp() throws Exception {
        node.queriesUntilEnd = Integer.MAX_VALUE;

        NodeResult result = new NodeUpgrade(node.bus(), "a", "edged", file(10), false).run(Duration.ofMillis(600));

        assertThat(result.outcome()).isEqualTo("FAILED");
        assertThat(result.reason()).contains("no outcome within 0 s; the operation goes on");
    }

    @Test
    void firstFailureKeepsTheRestFromBeingBegun() throws Exception {
        ConcurrentLinkedQueue<String> begun = new ConcurrentLinkedQueue<>();

        List<NodeResult> results = Rollout.run(
                List.of("d", "c", "b", "a"),
                1,
                name -> {
                    begun.add(name);
                    return name.equals("b")
                            ? NodeResult.refused(name, "no")
                            : new NodeResult(name, "SUCCEEDED", "", null);
                },
                result -> {});

        assertThat(begun).containsExactly("a", "b");
        assertThat(results)
                .extracting(r -> r.node() + " " + r.outcome())
                .containsExactly("a SUCCEEDED", "b REFUSED", "c NOT_BEGUN", "d NOT_BEGUN");
    }

    @Test
    void severalNodesAreUpgradedAtOnce() throws Exception {
        CountDownLatch both = new CountDownLatch(2);

        List<NodeResult> results = Rollout.run(
                List.of("a", "b"),
                2,
                name -> {
                    both.countDown();
                    boolean together = both.await(30, TimeUnit.SECONDS);
                    return new NodeResult(name, together ? "SUCCEEDED" : "FAILED", "", null);
                },
                result -> {});

        assertThat(results).allMatch(NodeResult::succeeded);
    }

    @Test
    void checksumThatWasToldIsComparedBeforeAnythingIsSent() throws Exception {
        Path file = Files.writeString(folder.resolve("x.jar"), "x");

        assertThatThrownBy(() -> RolloutPackage.fetch(file.toString(), "0".repeat(64)))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("as was told");
        try (RolloutPackage copy = RolloutPackage.fetch(file.toUri().toString(), "")) {
            assertThat(copy.bytes()).isEqualTo(1);
            assertThat(copy.checksum()).startsWith("2d711642b726b044");
        }
    }
}
