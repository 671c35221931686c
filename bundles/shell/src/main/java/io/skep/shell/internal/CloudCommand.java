package io.skep.shell.internal;

import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.support.CommandException;

/** A command that reads or writes the cluster's objects. */
abstract class CloudCommand extends EdgeCommand {

    static final String DEFAULT_NAMESPACE = "default";

    @Reference(optional = true)
    ResourceStore store;

    final ResourceStore objects() throws CommandException {
        if (store == null) {
            throw new CommandException(
                    "there is no Kubernetes API in this process: run it in the cloud role, or use ./skep kubectl");
        }
        return store;
    }

    final List<KubeObject> list(ResourceKind kind, String namespace) throws CommandException {
        return objects().list(kind, namespace, ListOptions.ALL).items();
    }
}
