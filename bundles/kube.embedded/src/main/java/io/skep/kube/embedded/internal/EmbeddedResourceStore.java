package io.skep.kube.embedded.internal;

import io.skep.core.api.module.Health;
import io.skep.core.api.observe.HealthCheck;
import io.skep.core.api.observe.MetricSource;
import io.skep.core.api.observe.Sample;
import io.skep.core.api.store.DocumentStore;
import io.skep.core.api.store.StoreStatus;
import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeList;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.Patch;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.RootCertificate;
import io.skep.kube.api.Status;
import io.skep.kube.api.WriteOptions;
import io.skep.kube.embedded.internal.control.Bootstrap;
import io.skep.kube.embedded.internal.control.Housekeeper;
import io.skep.kube.embedded.internal.rules.Schema;
import io.skep.kube.embedded.internal.storage.Journal;
import io.skep.kube.embedded.internal.storage.ParsedCache;
import io.skep.kube.embedded.internal.watch.WatchHub;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kubernetes API without Kubernetes: {@link ResourceStore} on a {@link DocumentStore}.
 *
 * <p>All objects are in memory as text, all writes on disk before they are seen. Threads: two of the watch hub, one of the
 * housekeeper; {@link #deactivate} stops them.
 */
@Component(
        service = {ResourceStore.class, MetricSource.class, HealthCheck.class},
        configurationPid = EmbeddedConfig.PID,
        property = "kube.store=embedded")
@Designate(ocd = EmbeddedConfig.class)
public final class EmbeddedResourceStore implements ResourceStore, MetricSource, HealthCheck {

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedResourceStore.class);

    private final DocumentStore documents;
    private final Journal journal;
    private final ParsedCache cache;
    private final WatchHub watches;
    private final Registry registry;
    private final Lists lists;
    private final Subresources subresources;
    private final Housekeeper housekeeper;

    @Activate
    public EmbeddedResourceStore(@Reference DocumentStore documents, EmbeddedConfig config) {
        this(documents, EmbeddedSettings.from(config), InstantSource.system());
    }

    EmbeddedResourceStore(DocumentStore documents, EmbeddedSettings settings, InstantSource clock) {
        this.documents = documents;
        this.cache = new ParsedCache(settings.cacheChars());
        this.watches = new WatchHub(cache, settings.watchQueueChanges());
        this.journal = new Journal(documents, Kinds.ALL, settings.historyChanges(), watches);
        this.registry = new Registry(journal, cache, Schema.load(), clock);
        this.lists = new Lists(journal, cache);
        this.subresources = new Subresources(this, registry, clock);
        boolean begun = bootstrap();
        watches.start();
        this.housekeeper = new Housekeeper(this, clock, settings.eventLifetime(), settings.eventLimit());
        if (!begun) {
            housekeeper.soon(() -> Bootstrap.run(this));
        }
        LOG.info("embedded API ready: resourceVersion={}", journal.version());
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindRootCertificate(RootCertificate certificate) {
        housekeeper.publish(certificate.pem());
    }

    /** What was published stays: the one that serves the API next has the same. */
    void unbindRootCertificate(RootCertificate certificate) {}

    /** A disk that can't write now is no reason not to read from it. */
    private boolean bootstrap() {
        try {
            Bootstrap.run(this);
            return true;
        } catch (KubeException e) {
            LOG.warn("first namespaces not written, trying again: reason={} message={}", e.reason(), e.getMessage());
            return false;
        }
    }

    @Deactivate
    public void deactivate() {
        housekeeper.close();
        watches.close();
    }

    @Override
    public List<ResourceKind> kinds() {
        return Kinds.ALL;
    }

    @Override
    public KubeObject get(ObjectKey key) {
        return journal.visible(key)
                .map(cache::parse)
                .orElseThrow(() -> new KubeException(Status.notFound(key.kind(), key.name())));
    }

    @Override
    public KubeList list(ResourceKind kind, String namespace, ListOptions options) {
        return lists.list(kind, namespace, options);
    }

    @Override
    public Watch watch(ResourceKind kind, String namespace, ListOptions options, Watcher watcher) {
        return watches.watch(journal, kind, namespace, options, watcher);
    }

    @Override
    public KubeObject create(ResourceKind kind, String namespace, KubeObject object, WriteOptions options) {
        return registry.create(kind, namespace, object, options.dryRun());
    }

    @Override
    public KubeObject createSub(ObjectKey key, String subresource, KubeObject object, WriteOptions options) {
        return subresources.create(key, subresource, object, options.dryRun());
    }

    @Override
    public KubeObject update(ObjectKey key, String subresource, KubeObject object, WriteOptions options) {
        return registry.update(key, subresource, object, options.dryRun());
    }

    @Override
    public KubeObject patch(ObjectKey key, String subresource, Patch patch, WriteOptions options) {
        return registry.patch(key, subresource, patch, options.dryRun());
    }

    @Override
    public KubeObject delete(ObjectKey key, DeleteOptions options) {
        return registry.delete(key, options);
    }

    @Override
    public List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        for (ResourceKind kind : Kinds.ALL) {
            samples.add(Sample.gauge(
                    "skep_kube_objects",
                    "Objects kept, by kind",
                    Map.of("resource", kind.qualifiedPlural()),
                    journal.count(kind)));
        }
        samples.add(Sample.gauge("skep_kube_watches", "Open watches", Map.of(), watches.size()));
        samples.add(Sample.gauge(
                "skep_kube_resource_version", "Resource version of the last write", Map.of(), journal.version()));
        return samples;
    }

    @Override
    public String name() {
        return "kube";
    }

    @Override
    public Health check() {
        StoreStatus status = documents.status();
        return status.writable() ? Health.HEALTHY : Health.unhealthy(status.reason(), status.message());
    }
}
