package io.skep.metaserver.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.store.Change;
import io.skep.core.api.store.DocumentStore;
import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.Selector;
import io.skep.kube.api.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kinds the node's API serves: those Skep speaks of, and what else the cloud lets the node read. Of custom resources the
 * cloud is asked for the definitions, since KubeEdge's passes no discovery on; of a few kinds that programs on nodes watch it is
 * asked for one object. What was learned is kept on disk, for a node without its cloud. Thread-safe.
 */
final class NodeKinds {

    static final String COLLECTION = "metaserver";
    static final String KINDS = "kinds";

    /** Most kinds that are taken from the cloud's definitions. */
    static final int MOST = 500;

    /** How old what is known may get before a client's request has the cloud asked again; definitions are large. */
    static final Duration FRESH = Duration.ofMinutes(10);

    /** For how long a cloud that could not tell is not asked again. */
    static final Duration PAUSE = Duration.ofSeconds(60);

    static final ResourceKind DEFINITION = new ResourceKind(
            "apiextensions.k8s.io",
            "v1",
            "CustomResourceDefinition",
            "customresourcedefinitions",
            "customresourcedefinition",
            false,
            List.of("crd", "crds"),
            List.of("api-extensions"),
            List.of("status"));

    static final ResourceKind SERVICE = new ResourceKind(
            "", "v1", "Service", "services", "service", true, List.of("svc"), List.of("all"), List.of("status"));

    static final ResourceKind ENDPOINTS = new ResourceKind(
            "", "v1", "Endpoints", "endpoints", "endpoints", true, List.of("ep"), List.of(), List.of());

    /** What finds services, and what they are told by; a cloud of ours has none. */
    private static final List<ResourceKind> TRIED = List.of(
            SERVICE,
            ENDPOINTS,
            new ResourceKind(
                    "discovery.k8s.io",
                    "v1",
                    "EndpointSlice",
                    "endpointslices",
                    "endpointslice",
                    true,
                    List.of(),
                    List.of(),
                    List.of()));

    private static final Logger LOG = LoggerFactory.getLogger(NodeKinds.class);
    private static final int PAGE = 20;
    private static final String ITEMS = "kinds";

    private final ModuleContext context;
    private final DocumentStore store;
    private final Applications cloud;
    private final Runnable changed;
    private volatile List<ResourceKind> learned = List.of();
    private volatile Instant next = Instant.MIN;
    private volatile boolean failed;

    /** @param changed runs on the module's thread when other kinds are known than before */
    NodeKinds(ModuleContext context, DocumentStore store, Applications cloud, Runnable changed) {
        this.context = context;
        this.store = store;
        this.cloud = cloud;
        this.changed = changed;
    }

    /** Reads what a former life has learned. */
    void load() {
        try {
            learned = store
                    .get(COLLECTION, KINDS)
                    .flatMap(document -> Json.object(document.body()))
                    .map(document -> document.objects(ITEMS))
                    .orElse(List.of())
                    .stream()
                    .map(KindText::read)
                    .toList();
        } catch (EdgeException e) {
            LOG.warn("kinds of the cloud are not known, it is asked again: reason={}", e.getMessage());
        }
    }

    /** All of them, each once. */
    List<ResourceKind> all() {
        return Stream.concat(Kinds.ALL.stream(), learned.stream()).toList();
    }

    /** The kind whose objects carry these two fields. */
    Optional<ResourceKind> of(String apiVersion, String kind) {
        return Kinds.of(apiVersion, kind)
                .or(() -> learned.stream()
                        .filter(k ->
                                k.apiVersion().equals(apiVersion) && k.kind().equals(kind))
                        .findFirst());
    }

    /** There is a link: what could not be asked on the last one is asked now. */
    void linked() {
        if (failed) {
            next = Instant.MIN;
        }
        refresh();
    }

    /** Has the cloud asked, unless that was done not long ago; does not wait. Any thread. */
    void refresh() {
        if (!context.clock().instant().isBefore(next)) {
            context.execute(this::ask);
        }
    }

    private void ask() {
        if (context.clock().instant().isBefore(next)) {
            return;
        }
        next = context.clock().instant().plus(PAUSE);
        context.work("kinds", this::learn, (found, failure) -> {
            failed = failure != null;
            if (failure == null) {
                next = context.clock().instant().plus(FRESH);
                take(found);
            } else {
                LOG.debug("cloud did not tell its kinds: reason={}", failure.getMessage());
            }
        });
    }

    private void take(List<ResourceKind> found) {
        if (found.equals(learned)) {
            return;
        }
        LOG.info("kinds served beside the built-in ones: kinds={}", found.size());
        learned = found;
        String text =
                Json.write(Map.of(ITEMS, found.stream().map(KindText::tree).toList()));
        store.submit(List.of(Change.put(COLLECTION, KINDS, DocumentStore.ANY, text)))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        LOG.warn("kinds are not kept for a node without its cloud: reason={}", failure.getMessage());
                    }
                });
        changed.run();
    }

    private List<ResourceKind> learn() {
        Set<ResourceKind> found = new LinkedHashSet<>();
        List<ResourceKind> custom = custom();
        TRIED.stream().filter(this::isServed).forEach(found::add);
        custom.stream()
                .filter(kind -> Kinds.of(kind.apiVersion(), kind.kind()).isEmpty())
                .forEach(found::add);
        return found.stream().limit(MOST).toList();
    }

    private List<ResourceKind> custom() {
        List<ResourceKind> found = new ArrayList<>();
        String page = "";
        try {
            do {
                Doc list = cloud.ask(Requests.list(DEFINITION, "", page(PAGE, page)))
                        .orElse(Doc.EMPTY);
                if (found.isEmpty()) {
                    found.add(DEFINITION);
                }
                list.objects("items").forEach(definition -> found.addAll(KindText.defined(definition)));
                page = list.text("metadata", "continue");
            } while (!page.isEmpty() && found.size() < MOST);
        } catch (KubeException e) {
            if (!isRefusal(e)) {
                throw e;
            }
            LOG.debug("cloud shows no custom resources: reason={}", e.getMessage());
            if (e.reason().equals(Status.FORBIDDEN)) {
                // Which says nothing of what there is.
                return learned.stream().filter(kind -> !TRIED.contains(kind)).toList();
            }
        }
        return found;
    }

    private boolean isServed(ResourceKind kind) {
        try {
            cloud.ask(Requests.list(kind, "", page(1, "")));
            return true;
        } catch (KubeException e) {
            return !isRefusal(e) && learned.contains(kind);
        }
    }

    private static boolean isRefusal(KubeException e) {
        return e.reason().equals(Status.NOT_FOUND) || e.reason().equals(Status.FORBIDDEN);
    }

    private static ListOptions page(int limit, String token) {
        return new ListOptions(Selector.ALL, Selector.ALL, "", limit, token, false);
    }
}
