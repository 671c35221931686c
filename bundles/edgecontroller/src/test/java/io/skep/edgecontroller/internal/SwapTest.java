package io.skep.edgecontroller.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.bus.Delivery;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.FakeModuleContext;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.ModuleNames;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.ObjectKey;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a new EdgeController goes on with when only it was replaced. */
class SwapTest {

    private final Cloud cloud = Cloud.withNode();

    private String ready() {
        return cloud.store.get(ObjectKey.of(Kinds.NODE, Cloud.NODE)).status().objects("conditions").stream()
                .filter(c -> c.text("type").equals("Ready"))
                .map(c -> c.text("status"))
                .findFirst()
                .orElse("");
    }

    /** The successor of the module, in a context of its own: what the old one's jobs do afterwards reaches nobody. */
    private FakeModuleContext successor() {
        Handover left = cloud.module.stop();
        FakeModuleContext context = new FakeModuleContext(ModuleNames.EDGE_CONTROLLER);
        new EdgeControllerModule(cloud.store, Cloud.SETTINGS).start(context, left);
        return context;
    }

    // With a new grace at each change of hands, a node that went away among many changes would stay Ready.
    @Test
    void aSilentNodesGraceGoesOn() {
        cloud.context.advance(Duration.ofSeconds(30));

        cloud.swap();

        cloud.context.advance(Duration.ofSeconds(9));
        assertThat(ready()).isEqualTo("True");
        cloud.context.advance(Duration.ofSeconds(2));
        assertThat(ready()).isEqualTo("Unknown");
    }

    @Test
    void aRequestInHandIsAnsweredByTheSuccessor() {
        Message request = Message.of(
                Route.of(ModuleNames.EDGED, "meta", "query", "node/edge-1/default/node/edge-1"), Content.EMPTY);
        cloud.module.receive(request);

        FakeModuleContext context = successor();
        context.runWork();

        assertThat(context.sentTo(ModuleNames.CLOUD_HUB))
                .filteredOn(m -> m.parentId().equals(request.id()))
                .singleElement()
                .satisfies(m -> assertThat(m.isError()).isFalse());
    }

    @Test
    void anAnswerTheHubHadNoRoomForIsSentByTheSuccessor() {
        cloud.context.deliverAs(Delivery.REFUSED);
        Message request = cloud.says("fly", "default/node/edge-1", "{}");

        FakeModuleContext context = successor();

        List<Message> answers = context.sentTo(ModuleNames.CLOUD_HUB).stream()
                .filter(m -> m.parentId().equals(request.id()))
                .toList();
        assertThat(answers).hasSize(1);
        assertThat(answers.get(0).isError()).isTrue();
        assertThat(answers.get(0).content().json()).contains("not supported yet");
    }

    // The hub may be just being replaced, too.
    @Test
    void theHubIsAskedForItsSessionsUntilItTells() {
        FakeModuleContext context = successor();
        context.runWork();

        context.fail(question(context, 0), new EdgeException(Reason.TIMEOUT, "no answer"));
        context.runWork();
        context.advance(Duration.ofSeconds(1));

        assertThat(question(context, 1).id()).isNotEqualTo(question(context, 0).id());
    }

    private static Message question(FakeModuleContext context, int number) {
        return context.sentTo(ModuleNames.CLOUD_HUB).stream()
                .filter(m -> m.route().resource().equals("sessions"))
                .toList()
                .get(number);
    }

    @Test
    void aHandoverOfAnotherVersionIsRefusedWithAReason() {
        assertThatThrownBy(() -> new EdgeControllerModule(cloud.store, Cloud.SETTINGS)
                        .start(cloud.context, new Handover(9, "{}")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was left version 9");
    }
}
