package io.skep.bus.internal.mail;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessageClassTest {

    @ParameterizedTest
    @CsvSource({
        "default/podpatch/web, STATUS",
        "default/podstatus, STATUS",
        "default/nodepatch/edge-1, STATUS",
        "kube-node-lease/lease/edge-1, STATUS",
        "node/edge-1/default/podpatch/web, STATUS",
        "node/edge-1/default/pod/web, OTHER",
        "default/pod/podpatch, OTHER",
        "node/podpatch/x, STATUS",
        "node/connection, OTHER",
        "membership, OTHER",
        "'', OTHER"
    })
    void classIsToldByTheResourcesType(String resource, MessageClass expected) {
        assertThat(MessageClass.of(Message.of(Route.of("edged", "meta", "patch", resource), Content.EMPTY)))
                .isEqualTo(expected);
    }
}
