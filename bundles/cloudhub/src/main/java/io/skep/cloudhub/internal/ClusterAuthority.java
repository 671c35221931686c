package io.skep.cloudhub.internal;

import io.skep.core.api.module.ModuleContext;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The certificate pods on nodes trust when they speak to the API, as PEM: the cluster's, or the hub's where none is known. */
final class ClusterAuthority {

    private static final List<String> NAMESPACES = List.of("kube-system", "default");

    private final ModuleContext context;
    private final ResourceStore store;
    private final Supplier<String> own;

    ClusterAuthority(ModuleContext context, ResourceStore store, Supplier<String> own) {
        this.context = context;
        this.store = store;
        this.own = own;
    }

    /** Looks it up in the pool; the answer comes on the module's thread. */
    void ask(Consumer<String> answer) {
        context.work("authority", this::lookUp, (pem, failure) -> answer.accept(failure == null ? pem : own.get()));
    }

    /** Kubernetes publishes it in each namespace under this name. */
    private String lookUp() {
        for (String namespace : NAMESPACES) {
            String pem = published(namespace);
            if (!pem.isEmpty()) {
                return pem;
            }
        }
        return own.get();
    }

    private String published(String namespace) {
        try {
            return store.get(new ObjectKey(Kinds.CONFIG_MAP, namespace, "kube-root-ca.crt"))
                    .doc()
                    .text("data", "ca.crt");
        } catch (KubeException e) {
            if (Status.NOT_FOUND.equals(e.reason())) {
                return "";
            }
            throw e;
        }
    }
}
