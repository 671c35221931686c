package io.skep.metamanager.internal;

import io.skep.core.api.memory.NodeMemory;
import io.skep.core.api.message.Message;
import io.skep.core.api.module.EdgeModule;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.Health;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleNames;
import io.skep.core.api.observe.MetricSource;
import io.skep.core.api.observe.Sample;
import io.skep.core.api.store.DocumentStore;
import io.skep.core.api.store.StoreStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * MetaManager: the node's memory of its resources. What the cloud says is on disk before anybody acts on it; what the
 * node asks is answered from there, or by the cloud.
 *
 * <p>When the store lost its database the memory is empty. That orders nothing: edged deletes a pod only when told to, and
 * an empty list is no order. {@link Resync} asks the cloud for everything again.
 */
@Component(
        service = {EdgeModule.class, MetricSource.class},
        configurationPid = MetaManagerConfig.PID,
        property = {EdgeModule.NAME + "=" + ModuleNames.META_MANAGER, EdgeModule.GROUP + "=" + ModuleNames.GROUP_META})
@Designate(ocd = MetaManagerConfig.class)
public final class MetaManagerModule implements EdgeModule, MetricSource {

    private static final Logger LOG = LoggerFactory.getLogger(MetaManagerModule.class);

    private final DocumentStore store;
    private final MetaManagerSettings settings;
    private final Rows rows;
    private final MetaFigures figures = new MetaFigures();
    private volatile MetaSession session;

    @Activate
    public MetaManagerModule(@Reference DocumentStore store, @Reference EventAdmin events, MetaManagerConfig config) {
        this(store, keys -> publish(events, keys), MetaManagerSettings.from(config));
    }

    MetaManagerModule(DocumentStore store, Consumer<List<String>> changed, MetaManagerSettings settings) {
        this.store = store;
        this.settings = settings;
        this.rows = new Rows(store, changed);
    }

    /** Posted, not sent: whoever listens holds up neither the store nor us. */
    private static void publish(EventAdmin events, List<String> keys) {
        events.postEvent(new Event(NodeMemory.CHANGED, Map.of(NodeMemory.KEYS, keys.toArray(String[]::new))));
    }

    @Override
    public void start(ModuleContext context, Handover handover) {
        rows.load();
        MetaSession next = new MetaSession(context, store, rows, settings, figures);
        next.start(handover);
        session = next;
        LOG.info("resources remembered: rows={}", rows.countByType());
    }

    @Override
    public void receive(Message message) {
        session.receive(message);
    }

    @Override
    public Handover stop() {
        MetaSession last = session;
        session = null;
        return last == null ? Handover.NONE : last.stop();
    }

    @Override
    public Health health() {
        StoreStatus status = store.status();
        if (!status.writable()) {
            return Health.unhealthy(status.reason(), status.message());
        }
        return status.setAside()
                .map(aside -> new Health(
                        true,
                        "SetAside",
                        "What was remembered was damaged and is at " + aside + "; the cloud sends it anew."))
                .orElse(Health.HEALTHY);
    }

    @Override
    public List<Sample> samples() {
        List<Sample> samples = new ArrayList<>(figures.samples());
        rows.countByType()
                .forEach((type, count) -> samples.add(
                        Sample.gauge("skep_meta_rows", "Remembered resources by type.", Map.of("type", type), count)));
        MetaSession now = session;
        boolean connected = now != null && now.connected();
        samples.add(Sample.gauge(
                "skep_meta_connected",
                "1 while MetaManager knows of a link to the cloud.",
                Map.of(),
                connected ? 1 : 0));
        return samples;
    }
}
