package io.skep.edged.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.module.ModuleNames;
import io.skep.edged.internal.link.Json;
import io.skep.edged.internal.pod.Kubelet;

/** Answers what other modules and the shell want to know of the pods. */
final class Inquiries {

    private Inquiries() {}

    static Message answer(Kubelet kubelet, Message question) {
        String resource = question.route().resource();
        if (resource.equals("pods")) {
            return question.reply(ModuleNames.EDGED, new Content.Json(Json.write(kubelet.list())));
        }
        String[] steps = resource.split("/");
        boolean listed = steps.length == 3 && steps[0].equals("pods");
        if (!listed && !(steps.length == 3 && steps[1].equals("poddetail"))) {
            return unknown(question, "edged cannot tell " + resource);
        }
        return kubelet.detail(listed ? steps[1] : steps[0], steps[2])
                .map(doc -> question.reply(ModuleNames.EDGED, new Content.Json(Json.write(doc))))
                .orElseGet(() -> unknown(question, "pod " + resource + " is not on this node"));
    }

    private static Message unknown(Message question, String why) {
        return question.error(ModuleNames.EDGED, new EdgeException(Reason.NOT_FOUND, why));
    }
}
