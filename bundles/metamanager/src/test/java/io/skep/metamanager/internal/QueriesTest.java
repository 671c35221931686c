package io.skep.metamanager.internal;

import static io.skep.metamanager.internal.Node.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.module.ModuleNames;
import io.skep.core.api.store.InMemoryDocumentStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueriesTest {

    private static final String MAP = "default/configmap/conf";
    private static final String CONFIG =
            "{\"kind\":\"ConfigMap\",\"metadata\":{\"uid\":\"c1\",\"resourceVersion\":\"4\"}}";
    private static final String NOT_FOUND =
            "{\"metadata\":{},\"status\":\"Failure\",\"message\":\"no such\",\"reason\":\"NotFound\",\"code\":404}";

    private final InMemoryDocumentStore disk = new InMemoryDocumentStore();
    private final Node node = new Node(disk);

    @Test
    void aQueryWithoutANameFindsAllPodsOfAllNamespaces() {
        node.cloud("insert", "default/pod/web", "5", pod("u1", "5", ""));
        node.cloud("insert", "kube-system/pod/dns", "6", pod("u2", "6", ""));
        node.cloud("insert", MAP, "4", CONFIG);

        Message question = node.query("default/pod");

        assertThat(node.replies()).singleElement().satisfies(reply -> {
            assertThat(reply.parentId()).isEqualTo(question.id());
            assertThat(reply.route().source()).isEqualTo("metamanager");
            assertThat(reply.content())
                    .isEqualTo(new Content.Json(Json.write(List.of(pod("u1", "5", ""), pod("u2", "6", "")))));
        });
    }

    @Test
    void anEmptyMemoryAnswersAnEmptyList() {
        node.query("default/pod");

        assertThat(node.replies().get(0).content()).isEqualTo(new Content.Json("[]"));
    }

    // Restart without the cloud: everything is there because it is on disk.
    @Test
    void aSuccessorOnTheSameStoreKnowsEverything() {
        node.cloud("insert", "default/pod/web", "5", pod("u1", "5", ""));

        Node restarted = new Node(disk);
        restarted.query("default/pod");
        restarted.cloud("update", "default/pod/web", "5", pod("u1", "5", ""));

        assertThat(restarted.replies().get(0).content().json()).contains("u1");
        assertThat(restarted.toEdged()).isEmpty();
    }

    @Test
    void aConfigMapThatIsHereIsAnsweredWithoutTheCloud() {
        node.connected().cloud("insert", MAP, "4", CONFIG);

        node.query(MAP);

        assertThat(node.context.sentTo("websocket")).isEmpty();
        assertThat(node.replies().get(0).content()).isEqualTo(new Content.Json(Json.write(List.of(CONFIG))));
    }

    @Test
    void aConfigMapThatIsNotHereComesFromTheCloudIsKeptAndAcknowledged() {
        node.connected();
        Message question = node.query(MAP);

        Message reply = node.answer("response", CONFIG);

        assertThat(node.replies()).singleElement().satisfies(answer -> {
            assertThat(answer.parentId()).isEqualTo(question.id());
            assertThat(answer.content().json()).isEqualTo(CONFIG);
            assertThat(answer.route()).isEqualTo(reply.route());
        });
        assertThat(node.toHub()).extracting(Message::parentId).containsExactly(reply.id());
        node.query(MAP);
        assertThat(node.replies().get(1).route().source()).isEqualTo("metamanager");
    }

    @Test
    void whatTheCloudDoesNotHaveIsNotFoundAndNotKept() {
        node.connected().query(MAP);

        Message reply = node.answer("response", "{\"ErrStatus\":" + NOT_FOUND + "}");

        assertThat(node.replies().get(0).content()).isEqualTo(new Content.Failure("NotFound", "no such"));
        assertThat(disk.count("meta", "")).isZero();
        assertThat(node.toHub()).extracting(Message::parentId).containsExactly(reply.id());
    }

    // KubeEdge answers {} for any error that is not the API server's.
    @Test
    void anEmptyObjectFromTheCloudIsAFailure() {
        node.connected().query(MAP);

        node.answer("response", "{}");

        assertThat(node.replies().get(0).isError()).isTrue();
        assertThat(disk.count("meta", "")).isZero();
    }

    @Test
    void anObjectBesideAnErrorIsPassedOnWholeAndOnlyAGoodOneIsKept() {
        node.connected().ask("insert", "default/node/edge-1", new Content.Json("{}"));
        String refused = "{\"Object\":null,\"Err\":{\"ErrStatus\":" + NOT_FOUND + "}}";
        node.answer("response", refused);
        assertThat(node.replies().get(0).content().json()).isEqualTo(refused);
        assertThat(disk.count("meta", "")).isZero();

        node.ask("insert", "default/node/edge-1", new Content.Json("{}"));
        String good = "{\"Object\":{\"kind\":\"Node\",\"metadata\":{\"uid\":\"n1\"}},\"Err\":null}";
        node.answer("response", good);

        assertThat(node.replies().get(1).content().json()).isEqualTo(good);
        assertThat(Row.decode(
                                "k",
                                disk.get("meta", "default/node/edge-1")
                                        .orElseThrow()
                                        .body())
                        .value())
                .isEqualTo("{\"kind\":\"Node\",\"metadata\":{\"uid\":\"n1\"}}");
    }

    @Test
    void aNodeIsAskedOfTheCloudAndWithoutItFromMemory() {
        node.connected().query("default/node/edge-1");
        node.answer("response", "{\"kind\":\"Node\",\"metadata\":{\"uid\":\"n1\"}}");
        node.query("default/node/edge-1");
        assertThat(node.context.sentTo("websocket")).hasSize(2);

        Node offline = new Node(disk);
        offline.query("default/node/edge-1");

        assertThat(offline.replies().get(0).content().json()).contains("n1");
    }

    @Test
    void whatIsNotHereIsUnavailableWithoutTheCloud() {
        node.query(MAP);
        node.query("default/lease/edge-1");
        node.ask("insert", "default/node/edge-1", new Content.Json("{}"));

        assertThat(node.replies())
                .extracting(reply -> ((Content.Failure) reply.content()).reason())
                .containsExactly("ServiceUnavailable", "ServiceUnavailable", "ServiceUnavailable");
    }

    @Test
    void aPodThatIsNotHereIsNotFound() {
        node.connected().query("default/pod/none");

        assertThat(((Content.Failure) node.replies().get(0).content()).reason()).isEqualTo("NotFound");
    }

    @Test
    void theSameQuestionAtTheSameTimeIsAskedOnce() {
        node.connected();
        Message one = node.query(MAP);
        Message two = node.query(MAP);
        node.query("default/secret/conf");
        assertThat(node.context.sentTo("websocket")).hasSize(2);
        node.answer("response", "{\"kind\":\"Secret\"}");

        List<Message> requests = node.context.sentTo("websocket");
        node.context.answer(requests.get(0).reply("edgecontroller", new Content.Json(CONFIG)));
        node.context.runWork();

        assertThat(node.replies())
                .extracting(Message::parentId)
                .contains(one.id(), two.id())
                .hasSize(3);
    }

    // Else who asks on the next link waits for the answer that went with the last: a minute.
    @Test
    void whatIsAskedOnALinkThatBreaksEndsWithItAndIsAskedAnewOnTheNext() {
        node.connected();
        Message first = node.query("default/node/edge-1");
        Message change = node.ask("insert", "default/node/edge-1", new Content.Json("{}"));

        node.link(ModuleNames.CLOUD_DISCONNECTED);

        assertThat(node.replies()).extracting(Message::parentId).containsExactly(first.id(), change.id());
        assertThat(node.replies())
                .allSatisfy(reply -> assertThat(reply.content())
                        .isInstanceOfSatisfying(
                                Content.Failure.class,
                                failure -> assertThat(failure.reason()).isEqualTo("ServiceUnavailable")));
        node.connected();
        Message second = node.query("default/node/edge-1");
        node.answer("response", "{\"kind\":\"Node\",\"metadata\":{\"uid\":\"n1\"}}");
        assertThat(node.replies()).extracting(Message::parentId).containsExactly(second.id());
    }

    @Test
    void whatIsAskedOnALinkThatBreaksIsAnsweredFromMemoryWhereItIs() {
        node.connected().query("default/node/edge-1");
        node.answer("response", "{\"kind\":\"Node\",\"metadata\":{\"uid\":\"n1\"}}");
        Message question = node.query("default/node/edge-1");

        node.link(ModuleNames.CLOUD_DISCONNECTED);

        assertThat(node.replies()).last().satisfies(reply -> {
            assertThat(reply.parentId()).isEqualTo(question.id());
            assertThat(reply.content().json()).contains("n1");
        });
    }

    // The cloud sends it again until it is acknowledged, and nothing else meanwhile.
    @Test
    void anAnswerThatOutlivesItsLinkIsKeptAndAcknowledged() {
        node.connected().query(MAP);
        node.link(ModuleNames.CLOUD_DISCONNECTED);
        node.link(ModuleNames.CLOUD_CONNECTED);

        Message reply = node.answerTo(MAP, CONFIG);

        assertThat(disk.count("meta", "")).isEqualTo(1);
        assertThat(node.toHub()).extracting(Message::parentId).containsExactly(reply.id());
        assertThat(node.replies()).hasSize(1);
    }

    @Test
    void aSilentCloudEndsInATimeoutAfterAMinute() {
        node.connected().query(MAP);

        node.context.advance(Duration.ofSeconds(61));

        assertThat(((Content.Failure) node.replies().get(0).content()).reason()).isEqualTo("Timeout");
    }

    @Test
    void anErrorMessageIsPassedOnAndNotAcknowledged() {
        node.connected().query(MAP);

        node.answer("error", "\"boom\"");

        assertThat(node.replies().get(0).isError()).isTrue();
        assertThat(node.toHub()).isEmpty();
    }

    @Test
    void theAnswerIsGivenEvenIfItCannotBeKept() {
        node.connected().query(MAP);
        disk.failWrites(true);

        node.answer("response", CONFIG);

        assertThat(node.replies().get(0).content().json()).isEqualTo(CONFIG);
        assertThat(node.toHub()).extracting(m -> m.route().operation()).containsExactly("error");
    }

    @Test
    void tokensAreKeptByWhatWasAskedForAndUsedWhileTheyAreFresh() {
        Content hour = new Content.Json("{\"spec\":{\"audiences\":[\"a\"],\"expirationSeconds\":3600}}");
        Content day = new Content.Json("{\"spec\":{\"audiences\":[\"b\"],\"expirationSeconds\":3600}}");
        node.connected().ask("query", "default/serviceaccounttoken/app", hour);
        node.answer(
                "response",
                "{\"spec\":{\"audiences\":[\"a\"],\"expirationSeconds\":3600},"
                        + "\"status\":{\"token\":\"t\",\"expirationTimestamp\":\"2026-01-01T01:00:00Z\"}}");

        node.ask("query", "default/serviceaccounttoken/app", hour);
        assertThat(node.context.sentTo("websocket")).hasSize(1);
        node.ask("query", "default/serviceaccounttoken/app", day);
        assertThat(node.context.sentTo("websocket")).hasSize(2);
        node.context.advance(Duration.ofMinutes(49));
        node.ask("query", "default/serviceaccounttoken/app", hour);

        assertThat(node.context.sentTo("websocket")).hasSize(3);
    }

    @Test
    void theSummaryCountsRowsByType() {
        node.connected().cloud("insert", "default/pod/web", "5", pod("u1", "5", ""));

        node.query("meta");

        assertThat(node.replies().get(0).content().json())
                .contains("\"connected\":true", "\"rows\":{\"pod\":1}", "\"total\":1");
    }
}
