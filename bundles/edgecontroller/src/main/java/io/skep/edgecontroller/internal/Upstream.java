package io.skep.edgecontroller.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.ResourcePath;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleNames;
import io.skep.edgecontroller.internal.Counters.Outcome;
import io.skep.edgecontroller.internal.Endpoint.Shape;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.Status;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages from nodes: which work each means, and its answer. Runs on the module's thread; the work in the pool, in order
 * per object.
 */
final class Upstream {

    private static final Logger LOG = LoggerFactory.getLogger(Upstream.class);
    private static final String POD_LIST = "podlist";
    private static final String CSR = "certificatesigningrequest";
    private static final Set<String> UNANSWERED = Set.of(Operation.RESPONSE, Operation.ERROR, Operation.KEEPALIVE);
    private static final Set<String> SIGNS_OF_LIFE = Set.of("lease", "nodepatch", "nodestatus", "node");

    private final ModuleContext context;
    private final Downstream downstream;
    private final Counters counters;
    private final NodeLife life;
    private final Resources resources;
    private final ObjectRequests objects;
    private final Map<String, Message> inHand = new LinkedHashMap<>();
    private final Map<String, Endpoint> endpoints = new HashMap<>();
    private final Map<String, ResourceKind> neededKinds = new HashMap<>();

    Upstream(
            ModuleContext context,
            Requests requests,
            Downstream downstream,
            Counters counters,
            NodeLife life,
            Resources resources) {
        this.context = context;
        this.downstream = downstream;
        this.counters = counters;
        this.life = life;
        this.resources = resources;
        this.objects = requests.objects();
        nodes(requests.nodes());
        leases(requests.leases());
        pods(requests.pods());
        queries();
        events();
    }

    private void nodes(NodeRequests nodes) {
        on("node", Operation.INSERT, new Endpoint(Shape.OBJECT_RESP, false, "node", nodes::register));
        on("node", Operation.QUERY, new Endpoint(Shape.PLAIN, true, "node", nodes::query));
        on("node", Operation.UPDATE, new Endpoint(Shape.OK, false, "node", nodes::update));
        on("nodepatch", Operation.PATCH, new Endpoint(Shape.OBJECT_RESP, true, "node", nodes::patchStatus));
        on("nodestatus", Operation.INSERT, new Endpoint(Shape.OK_OR_TEXT, false, "node", nodes::registerLegacy));
        on("nodestatus", Operation.UPDATE, new Endpoint(Shape.OK_OR_TEXT, false, "node", nodes::replaceStatus));
    }

    private void leases(LeaseRequests leases) {
        on("lease", Operation.INSERT, new Endpoint(Shape.OBJECT_RESP, false, "lease", leases::create));
        on("lease", Operation.UPDATE, new Endpoint(Shape.OBJECT_RESP, false, "lease", leases::update));
        on("lease", Operation.QUERY, new Endpoint(Shape.OBJECT_RESP, false, "lease", leases::query));
    }

    private void pods(PodRequests pods) {
        on("podpatch", Operation.PATCH, new Endpoint(Shape.OBJECT_RESP, true, "pod", pods::patchStatus));
        on("pod", Operation.INSERT, new Endpoint(Shape.OBJECT_RESP, true, "pod", pods::createMirror));
        on("pod", Operation.DELETE, new Endpoint(Shape.OK, false, "pod", pods::delete));
        on("podstatus", Operation.UPDATE, new Endpoint(Shape.OK, false, "pod", pods::replaceStatus));
    }

    private void queries() {
        needed("configmap", Kinds.CONFIG_MAP);
        needed("secret", Kinds.SECRET);
        query("persistentvolume", "", "persistentvolumes");
        query("persistentvolumeclaim", "", "persistentvolumeclaims");
        query("volumeattachment", "storage.k8s.io", "volumeattachments");
        on("serviceaccounttoken", Operation.QUERY, new Endpoint(Shape.PLAIN, false, "token", objects::token));
    }

    private void needed(String type, ResourceKind kind) {
        neededKinds.put(type, kind);
        on(type, Operation.QUERY, new Endpoint(Shape.PLAIN, true, "query/" + type, r -> objects.queryNeeded(kind, r)));
    }

    /** What the index knows spares a look at all pods of a namespace. */
    private boolean isNeeded(ResourcePath path) {
        ResourceKind kind = neededKinds.get(path.type());
        return kind != null && resources.isNeeded(path.node(), new ObjectKey(kind, path.namespace(), path.name()));
    }

    private void query(String type, String group, String plural) {
        on(
                type,
                Operation.QUERY,
                new Endpoint(Shape.PLAIN, true, "query/" + type, r -> objects.query(group, plural, r)));
    }

    /** KubeEdge leaves events unanswered; the hub passes these answers on only to nodes that asked for them. */
    private void events() {
        on("event", Operation.INSERT, new Endpoint(Shape.OK, false, "event", objects::createEvent));
        on("event", Operation.UPDATE, new Endpoint(Shape.OK, false, "event", objects::createEvent));
        on("event", Operation.PATCH, new Endpoint(Shape.OK, false, "event", objects::patchEvent));
    }

    private void on(String type, String operation, Endpoint endpoint) {
        endpoints.put(type + " " + operation, endpoint);
    }

    /** Requests that were taken and are not answered yet, in the order they came. */
    List<Message> inHand() {
        return List.copyOf(inHand.values());
    }

    void receive(Message message) {
        if (UNANSWERED.contains(message.route().operation())) {
            counters.upstream(Outcome.IGNORED);
            return;
        }
        Optional<ResourcePath> path = ResourcePath.parse(message.route().resource())
                .filter(p -> !p.node().isEmpty());
        Optional<Endpoint> endpoint =
                path.flatMap(p -> endpoint(p.type(), message.route().operation()));
        boolean known = endpoint.isPresent()
                || path.filter(p -> p.type().equals(POD_LIST)).isPresent()
                        && Operation.QUERY.equals(message.route().operation());
        if (!known) {
            unsupported(message);
            return;
        }
        UpstreamRequest request = new UpstreamRequest(message, path.get(), isNeeded(path.get()));
        if (request.path().type().equals(POD_LIST)) {
            resync(request);
            return;
        }
        if (SIGNS_OF_LIFE.contains(request.path().type())) {
            life.seen(request.node());
        }
        work(request, endpoint.get());
    }

    private Optional<Endpoint> endpoint(String type, String operation) {
        if (type.equals(CSR)) {
            return certificates(operation);
        }
        return Optional.ofNullable(endpoints.get(type + " " + operation));
    }

    /** Signing requests go through where the store knows them. */
    private Optional<Endpoint> certificates(String operation) {
        String group = "certificates.k8s.io";
        String plural = "certificatesigningrequests";
        return objects.kind(group, plural).flatMap(kind -> switch (operation) {
            case Operation.INSERT ->
                Optional.of(new Endpoint(Shape.OBJECT_RESP, false, CSR, r -> objects.requestCertificate(kind, r)));
            case Operation.QUERY ->
                Optional.of(new Endpoint(Shape.PLAIN, false, CSR, r -> objects.query(group, plural, r)));
            default -> Optional.empty();
        });
    }

    private void unsupported(Message message) {
        counters.upstream(Outcome.UNSUPPORTED);
        LOG.debug(
                "not supported: msg={} resource={} operation={}",
                message.id(),
                message.route().resource(),
                message.route().operation());
        EdgeException why = new EdgeException(
                EdgeException.Reason.BAD_REQUEST,
                "not supported yet: " + message.route().operation() + " of "
                        + message.route().resource());
        refuse(message, why);
    }

    private void refuse(Message message, EdgeException why) {
        Message error = message.error(ModuleNames.EDGE_CONTROLLER, why);
        downstream.deliver(error.withRoute(new Route(
                ModuleNames.EDGE_CONTROLLER,
                "",
                ModuleNames.GROUP_RESOURCE,
                Operation.ERROR,
                message.route().resource())));
    }

    private void work(UpstreamRequest request, Endpoint endpoint) {
        ResourcePath path = request.path();
        String object = endpoint.area().startsWith("query/") || endpoint.area().equals("token")
                ? request.node() + "/" + path.namespace() + "/" + path.name()
                : endpoint.area().equals("node") ? path.name() : path.namespace() + "/" + path.name();
        inHand.put(request.message().id(), request.message());
        context.work(endpoint.area() + "/" + object, () -> endpoint.action().apply(request), (reply, failure) -> {
            inHand.remove(request.message().id());
            if (failure == null) {
                counters.upstream(Outcome.OK);
                answer(request, endpoint.success(reply), endpoint.resourceVersion(reply));
                reply.pushes().forEach(downstream::deliver);
            } else {
                counters.upstream(Outcome.FAILED);
                answer(request, endpoint.failure(status(request, failure)), "");
            }
        });
    }

    /** A node of our own kind lost its memory and asks for everything. */
    private void resync(UpstreamRequest request) {
        inHand.put(request.message().id(), request.message());
        resources.resendAll(request.node(), problem -> {
            inHand.remove(request.message().id());
            if (problem.isPresent()) {
                counters.upstream(Outcome.FAILED);
                refuse(request.message(), new EdgeException(EdgeException.Reason.SERVICE_UNAVAILABLE, problem.get()));
            } else {
                counters.upstream(Outcome.OK);
                answer(request, Optional.of(Content.OK), "");
            }
        });
    }

    private void answer(UpstreamRequest request, Optional<Content> content, String version) {
        ResourcePath path = request.path();
        boolean legacy = path.type().equals("nodestatus");
        ResourcePath about = legacy ? new ResourcePath(path.node(), path.namespace(), "node", path.name()) : path;
        content.ifPresent(c -> downstream.deliver(Wire.answer(request.message(), about, version, c)));
    }

    private static Status status(UpstreamRequest request, Exception failure) {
        if (failure instanceof KubeException e) {
            LOG.debug("refused: msg={} reason={}", request.message().id(), e.getMessage());
            return e.status();
        }
        if (failure instanceof EdgeException e) {
            return Status.of(e.reason().status(), e.reason().code(), e.getMessage());
        }
        LOG.warn("request failed: msg={} resource={}", request.message().id(), request.path(), failure);
        return Status.of(Status.INTERNAL_ERROR, 500, "cannot treat " + request.path() + ": " + failure);
    }
}
