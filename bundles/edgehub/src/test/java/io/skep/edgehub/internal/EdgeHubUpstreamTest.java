package io.skep.edgehub.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the node says to the cloud, and what comes back to it. */
class EdgeHubUpstreamTest extends HubTest {

    // CloudCore works on both at once, and of a pod that is gone it takes no status.
    @Test
    void deletingAPodWaitsForTheAnswerToItsLastStatus() {
        start();
        Message status = message("edged", "meta", "patch", "default/podpatch/web-0");
        receive(status);
        Message delete = request(message("metamanager", "meta", "delete", "default/pod/web-0"));
        receive(delete);
        Message other = request(message("metamanager", "meta", "delete", "default/pod/web-1"));
        receive(other);
        assertThat(links.current.messages()).extracting(Message::id).containsExactly(status.id(), other.id());

        fromCloud(status.reply(Content.OK));

        assertThat(links.current.messages())
                .extracting(Message::id)
                .containsExactly(status.id(), other.id(), delete.id());
    }

    @Test
    void deletingAPodWaitsForItsLastStatusNoLongerThanIsSensible() {
        start();
        receive(message("edged", "meta", "patch", "default/podpatch/web-0"));
        Message delete = request(message("metamanager", "meta", "delete", "default/pod/web-0"));
        receive(delete);

        context.advance(LastWords.LIMIT);
        assertThat(links.current.messages()).extracting(Message::id).contains(delete.id());

        Message second = request(message("metamanager", "meta", "delete", "default/pod/web-0"));
        receive(second);
        links.current.drop("cable pulled");
        context.runWork();
        assertThat(context.replies()).extracting(Message::parentId).contains(second.id());
    }

    // CloudCore logs an error for each and answers none.
    @Test
    void questionBeyondKubeEdgesWireGoesOnlyToACloudOfOurOwn() {
        start();
        Message all = request(message("metamanager", "meta", "query", "default/podlist"));
        receive(all);
        assertThat(links.current.messages()).isEmpty();
        assertThat(context.replies())
                .singleElement()
                .satisfies(reply -> assertThat(reply.isError()).isTrue());

        links.features = "upstream-ack";
        links.current.drop("again");
        context.advance(Duration.ofSeconds(5));
        receive(all);

        assertThat(links.current.messages()).extracting(Message::id).containsExactly(all.id());
    }

    @Test
    void replyOfTheCloudWakesItsRequest() {
        start();
        Message query = request(message("metamanager", "resource", "query", "default/secret/s"));
        receive(query);
        Message reply = query.reply("edgecontroller", new Content.Json("{\"kind\":\"Secret\"}"));

        fromCloud(reply);

        assertThat(links.current.messages()).extracting(Message::id).containsExactly(query.id());
        assertThat(context.replies()).containsExactly(reply);
    }

    @Test
    void requestWithoutALinkIsAnsweredAtOnce() {
        links.failure = new EdgeException(Reason.SERVICE_UNAVAILABLE, "nobody answers at cloud:10000");
        start();

        receive(request(message("metamanager", "resource", "query", "default/secret/s")));

        assertThat(context.replies())
                .extracting(Message::content)
                .containsExactly(new Content.Failure("ServiceUnavailable", "not connected to the cloud"));
    }

    @Test
    void leaseAndAcknowledgementAreWorthNothingLater() {
        links.failure = new EdgeException(Reason.SERVICE_UNAVAILABLE, "away");
        start();

        receive(message("edged", "meta", "update", "kube-node-lease/lease/edge-1"));
        receive(message("edgecontroller", "resource", "update", "default/pod/web-0")
                .reply(Content.OK));

        assertThat(store.count(Outbox.COLLECTION, "")).isZero();
    }

    @Test
    void answerToAKeptStateIsNotHandedOn() {
        start();
        Message patch = message("edged", "meta", "patch", "default/podpatch/web-0");
        receive(patch);

        fromCloud(patch.reply("edgecontroller", Content.OK));

        assertThat(store.count(Outbox.COLLECTION, "")).isZero();
        assertThat(context.replies()).isEmpty();
    }
}
