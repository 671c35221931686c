package io.skep.cloudhub.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryClassTest {

    @ParameterizedTest(name = "{1} {2} {3}")
    @CsvSource({
        "ACK,edgecontroller,insert,node/n/default/pod/web,{}",
        "ACK,edgecontroller,delete,node/n/default/pod/web,{}",
        "NO_ACK,edgecontroller,response,node/n/default/pod/web,{}",
        "ACK,edgecontroller,response,node/n/default/configmap/c,{}",
        "NO_ACK,edgecontroller,response,node/n/default/configmap/c,\"OK\"",
        "NO_ACK,edgecontroller,response,node/n/default/podpatch/web,{}",
        "NO_ACK,edgecontroller,response,node/n/default/node/n,{}",
        "NO_ACK,edgecontroller,response,node/n/kube-node-lease/lease/n,{}",
        "NO_ACK,edgecontroller,response,node/n/default/serviceaccounttoken/default,{}",
        "NO_ACK,edgecontroller,error,node/n/default/what/ever,{}",
        "END_SESSION,edgecontroller,delete,node/n/namespace/node/n,null",
        "NO_ACK,devicecontroller,update,node/n/membership,{}",
        "NO_ACK,devicecontroller,update,node/n/device/d/twin/cloud_updated,{}",
        "ACK,devicecontroller,insert,node/n/default/device/pump,{}",
        "NO_ACK,dynamiccontroller,applicationResponse,node/n/ignore/Application/ignore,{}",
        "ACK,dynamiccontroller,update,node/n/default/service/web,{}",
        "ACK,dynamiccontroller,update,node/n/null/node/other,{}",
        "ACK,dynamiccontroller,delete,node/n/null/node/other,{}",
        "ACK,edgecontroller,update,node/n/null/node/other,{}",
        "ACK,edgecontroller,delete,node/n/null/node/other,{}",
        "NO_ACK,cloudhub,createvolume,node/n/default/volume/v,{}",
        "NO_ACK,taskmanager,upgrade,node/n/upgrade/1/node/n,{}",
        "ACK,policycontroller,insert,node/n/default/serviceaccountaccess/a,{}",
    })
    void messagesAreSortedAsKubeEdgeSortsThem(
            DeliveryClass expected, String source, String operation, String resource, String json) {
        Message message = Message.of(Route.of(source, "resource", operation, resource), new Content.Json(json));

        assertThat(DeliveryClass.of(message)).isEqualTo(expected);
    }
}
