package io.skep.edgecontroller.internal.dynamic;

import io.skep.edgecontroller.internal.Json;
import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeList;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Selector;
import io.skep.kube.api.ServerVersion;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Does what applications ask, all but to watch. Worker threads; blocks on the store.
 *
 * <p>Source: KubeEdge v1.22 {@code cloud/pkg/dynamiccontroller/application/application.go}.
 */
final class ApplicationRequests {

    private static final String VERSION = "/version";
    private static final Set<String> HEALTH = Set.of("/healthz", "/livez", "/readyz");
    private static final String STATUS = "status";

    private final ResourceStore store;
    private final Grants grants;

    ApplicationRequests(ResourceStore store, Grants grants) {
        this.store = store;
        this.grants = grants;
    }

    /**
     * The result, JSON text or what a path of the server itself answers; {@code ""} for a delete.
     *
     * @throws KubeException with what to answer
     */
    String result(Verb verb, Application application) {
        String result = verb == Verb.GET && isPassedThrough(application.key())
                ? passedThrough(application.key())
                : ofResource(verb, application, ApplicationKey.parse(application.key()));
        if (result.getBytes(StandardCharsets.UTF_8).length > Application.MOST_RESULT_BYTES) {
            throw Refusals.tooLarge("the result has more than " + Application.MOST_RESULT_BYTES
                    + " bytes; ask with a limit or a selector");
        }
        return result;
    }

    private static boolean isPassedThrough(String path) {
        return path.equals(VERSION) || HEALTH.contains(path);
    }

    private String passedThrough(String path) {
        if (path.equals(VERSION)) {
            return Json.text(ServerVersion.describe());
        }
        if (path.equals("/readyz") && store.kinds().isEmpty()) {
            throw new KubeException(Refusals.unavailable("readyz check failed: the store keeps no kinds"));
        }
        return "ok";
    }

    private String ofResource(Verb verb, Application application, ApplicationKey key) {
        ResourceKind kind = key.kind(store);
        return switch (verb) {
            case GET -> text(kind, get(application, key.object(kind)));
            case LIST -> list(application, kind, key);
            case CREATE -> text(kind, create(application, kind, key));
            case UPDATE -> text(kind, update(application, key.object(kind), application.subresource()));
            case UPDATE_STATUS -> text(kind, update(application, key.object(kind), STATUS));
            case PATCH -> text(kind, patch(application, key.object(kind)));
            case DELETE -> delete(application, key.object(kind));
            case WATCH -> throw new IllegalArgumentException("a watch has no result");
        };
    }

    private KubeObject get(Application application, ObjectKey key) {
        if (!Set.of("", STATUS).contains(application.subresource())) {
            throw Refusals.unknownResource();
        }
        grants.mayGet(application.node(), key);
        KubeObject object = store.get(key);
        grants.maySee(application.node(), key.kind(), object);
        return object;
    }

    private String list(Application application, ResourceKind kind, ApplicationKey key) {
        String namespace = kind.namespaced() ? key.namespace() : "";
        KubeList list = store.list(kind, namespace, narrowed(Verb.LIST, application, kind, key));
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("resourceVersion", list.resourceVersion());
        if (!list.continueToken().isEmpty()) {
            metadata.put("continue", list.continueToken());
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("apiVersion", kind.apiVersion());
        tree.put("kind", kind.kind() + "List");
        tree.put("metadata", metadata);
        tree.put("items", list.items().stream().map(o -> shown(kind, o)).toList());
        return Json.text(Doc.of(tree));
    }

    /** What of a list or watch the node is to see; EdgeCore's key repeats a name that the field selector has. */
    ListOptions narrowed(Verb verb, Application application, ResourceKind kind, ApplicationKey key) {
        ListOptions asked = Options.list(application.option());
        ListOptions named = key.name().isEmpty()
                ? asked
                : asked.withFields(Options.and(asked.fields(), Selector.equalTo("metadata.name", key.name())));
        String namespace = kind.namespaced() ? key.namespace() : "";
        return grants.mayList(application.node(), verb, kind, namespace, named);
    }

    private KubeObject create(Application application, ResourceKind kind, ApplicationKey key) {
        KubeObject object = new KubeObject(application.body());
        String namespace = key.inNamespace(kind);
        mustFit("namespace", object.namespace(), namespace);
        if (!key.name().isEmpty()) {
            mustFit("name", object.name(), key.name());
        }
        String name = key.name().isEmpty() ? object.name() : key.name();
        ObjectKey made = new ObjectKey(kind, namespace, name);
        String subresource = application.subresource();
        grants.mayCreate(application.node(), made, subresource, object);
        return subresource.isEmpty()
                ? store.create(kind, namespace, object, Options.write(application.option()))
                : store.createSub(made, subresource, object, Options.write(application.option()));
    }

    private KubeObject update(Application application, ObjectKey key, String subresource) {
        KubeObject object = new KubeObject(application.body());
        mustFit("name", object.name(), key.name());
        mustFit("namespace", object.namespace(), key.namespace());
        grants.mayChange(application.node(), Verb.UPDATE, key, subresource);
        return store.update(key, subresource, object, Options.write(application.option()));
    }

    private KubeObject patch(Application application, ObjectKey key) {
        Doc info = application.option();
        mustFit("name", info.text("Name"), key.name());
        String subresource = Options.patched(info);
        grants.mayChange(application.node(), Verb.PATCH, key, subresource);
        return store.patch(key, subresource, Options.patch(info), Options.write(info.object("Options")));
    }

    private String delete(Application application, ObjectKey key) {
        if (!application.subresource().isEmpty()) {
            throw Refusals.unknownResource();
        }
        grants.mayChange(application.node(), Verb.DELETE, key, "");
        store.delete(key, Options.delete(application.option()));
        return "";
    }

    /** What was allowed by the key must be what is done. */
    private static void mustFit(String what, String inObject, String inKey) {
        if (!inObject.isEmpty() && !inObject.equals(inKey)) {
            throw Refusals.badRequest("the " + what + " of the object (" + inObject + ") does not match the " + what
                    + " on the request (" + inKey + ")");
        }
    }

    private static String text(ResourceKind kind, KubeObject object) {
        return Json.text(shown(kind, object));
    }

    /** Stores may leave out what a list's items share; MetaServer needs it on each. What a subresource answers has its own. */
    private static Doc shown(ResourceKind kind, KubeObject object) {
        return ApiServerEndpoints.onNode(object.typed(kind)).doc();
    }
}
