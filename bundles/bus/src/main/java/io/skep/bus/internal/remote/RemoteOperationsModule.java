package io.skep.bus.internal.remote;

import io.skep.bus.internal.OperationsPolicy;
import io.skep.core.api.message.Message;
import io.skep.core.api.module.EdgeModule;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleNames;
import io.skep.core.api.operation.ModuleOperations;
import io.skep.core.api.store.DocumentStore;
import java.nio.file.Path;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.ComponentServiceObjects;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/**
 * The node's ear for operations the cloud asks for. Module operations need the bus, and the bus needs its modules: so they
 * are got when the module starts, not when it is made.
 */
@Component(
        service = EdgeModule.class,
        property = {
            EdgeModule.NAME + "=" + ModuleNames.MODULE_OPERATIONS,
            EdgeModule.GROUP + "=" + ModuleNames.GROUP_OPERATIONS
        })
public final class RemoteOperationsModule implements EdgeModule {

    private final ComponentServiceObjects<ModuleOperations> operations;
    private final DocumentStore store;
    private final OperationsPolicy policy;
    private final Path folder;
    private ModuleOperations got;
    private RemoteOperations remote;

    /** Made by DS. */
    @Activate
    public RemoteOperationsModule(
            BundleContext bundle,
            @Reference ComponentServiceObjects<ModuleOperations> operations,
            @Reference DocumentStore store,
            @Reference OperationsPolicy policy) {
        this.operations = operations;
        this.store = store;
        this.policy = policy;
        String data = bundle.getProperty("karaf.data");
        folder = (data == null
                        ? bundle.getDataFile("").toPath()
                        : Path.of(data).toAbsolutePath().resolve("bus"))
                .resolve("incoming");
    }

    @Override
    public void start(ModuleContext context, Handover handover) {
        remote = new RemoteOperations(context, this::operations, store, folder, policy.remote());
        remote.open();
    }

    private synchronized ModuleOperations operations() {
        if (got == null) {
            got = operations.getService();
        }
        return got;
    }

    @Override
    public void receive(Message message) {
        remote.receive(message);
    }

    @Override
    public Handover stop() {
        return Handover.NONE;
    }

    @Deactivate
    synchronized void release() {
        if (got != null) {
            operations.ungetService(got);
            got = null;
        }
    }
}
