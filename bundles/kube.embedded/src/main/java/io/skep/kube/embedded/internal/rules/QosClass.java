package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.Doc;
import io.skep.kube.api.Quantity;
import java.util.ArrayList;
import java.util.List;

/** A pod's quality of service. Source: Kubernetes {@code pkg/apis/core/helper/qos/qos.go}. */
final class QosClass {

    private static final List<String> COMPUTE = List.of("cpu", "memory");

    private QosClass() {}

    static String of(Doc spec) {
        List<Doc> containers = new ArrayList<>(spec.objects("containers"));
        containers.addAll(spec.objects("initContainers"));
        boolean any = false;
        boolean all = true;
        for (Doc container : containers) {
            for (String resource : COMPUTE) {
                String request = container.text("resources", "requests", resource);
                String limit = container.text("resources", "limits", resource);
                any |= isSet(request) || isSet(limit);
                all &= isSet(limit) && (request.isEmpty() || same(request, limit));
            }
        }
        if (!any) {
            return "BestEffort";
        }
        return all ? "Guaranteed" : "Burstable";
    }

    private static boolean isSet(String quantity) {
        return !quantity.isEmpty() && Quantity.parse(quantity).amount().signum() > 0;
    }

    private static boolean same(String a, String b) {
        return Quantity.parse(a).amount().compareTo(Quantity.parse(b).amount()) == 0;
    }
}
