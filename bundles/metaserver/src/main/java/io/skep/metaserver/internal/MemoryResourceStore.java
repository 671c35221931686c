package io.skep.metaserver.internal;

import io.skep.core.api.application.Application;
import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeList;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.Patch;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import io.skep.kube.api.WriteOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The Kubernetes API as a node can offer it. What the node is kept current of ({@link #HELD}) it answers from its memory, whether
 * or not there is a cloud; anything else the cloud is asked for, to tell of changes too where somebody watches, and the memory
 * again when the cloud is away. What is not there then either is unknown, which is an error and not "none": who reads "none" may
 * delete what belongs to it. Changes are made by the cloud alone, and come back as any change of its.
 *
 * <p>Source: KubeEdge v1.22, {@code edge/pkg/metamanager/metaserver}; that it does not ask the cloud first for what the node
 * knows better, the status of its pods, is ours.
 */
final class MemoryResourceStore implements ResourceStore {

    /** Kinds of which the cloud tells the node every change, or whose status the node itself makes. */
    static final Set<ResourceKind> HELD = Set.of(Kinds.POD, Kinds.NODE, Kinds.CONFIG_MAP, Kinds.SECRET);

    private final Memory memory;
    private final Applications cloud;
    private final Subscriptions subscriptions;
    private final Answers answers;
    private final NodeKinds kinds;
    private final Listings listings = new Listings();
    private final Pages pages = new Pages();

    MemoryResourceStore(
            Memory memory, Applications cloud, Subscriptions subscriptions, Answers answers, NodeKinds kinds) {
        this.memory = memory;
        this.cloud = cloud;
        this.subscriptions = subscriptions;
        this.answers = answers;
        this.kinds = kinds;
    }

    @Override
    public List<ResourceKind> kinds() {
        kinds.refresh();
        return kinds.all();
    }

    @Override
    public KubeObject get(ObjectKey key) {
        Optional<KubeObject> known = memory.get(key);
        if (known.isPresent() && HELD.contains(key.kind())) {
            return known.get();
        }
        Application question = Requests.get(key);
        try {
            Optional<Doc> answer = cloud.ask(question);
            // Else the cloud sends it by itself if the node may have it.
            if (!HELD.contains(key.kind())) {
                answer.ifPresent(object -> answers.keep(question, object));
            }
            return object(key.kind(), answer);
        } catch (KubeException e) {
            if (!Applications.isAway(e.status())) {
                throw e;
            }
            return known.or(() -> answers.find(question).map(kept -> new KubeObject(kept).typed(key.kind())))
                    .or(() -> recalled(key))
                    .orElseThrow(() -> key.kind().equals(Kinds.POD) ? notHere(key, e) : e);
        }
    }

    /** As one of those that the cloud once listed. */
    private Optional<KubeObject> recalled(ObjectKey key) {
        Selection all = Selection.of(key.kind(), key.namespace(), ListOptions.ALL);
        return subscriptions.recalls(all) ? memory.get(key) : Optional.empty();
    }

    @Override
    public KubeList list(ResourceKind kind, String namespace, ListOptions options) {
        if (HELD.contains(kind)) {
            return memory.list(Selection.of(kind, namespace, options));
        }
        Selection selection = Selection.of(kind, namespace, options);
        KubeList list = known(selection, options);
        listings.add(selection, list, options.continueToken().isEmpty());
        return list;
    }

    private KubeList known(Selection selection, ListOptions options) {
        try {
            Doc answer = cloud.ask(Requests.list(selection.kind(), selection.namespace(), options))
                    .orElse(Doc.EMPTY);
            KubeList list = selection.list(answer);
            pages.add(selection, options.continueToken(), answer)
                    .ifPresent(whole -> answers.keep(Requests.list(selection), whole));
            return list;
        } catch (KubeException e) {
            if (!Applications.isAway(e.status()) || !subscriptions.recalls(selection)) {
                throw e;
            }
            return memory.list(selection);
        }
    }

    /** A node has all of its own pods, so that one it does not have is none of them. */
    private static KubeException notHere(ObjectKey pod, KubeException cause) {
        return new KubeException(Status.notFound(pod.kind(), pod.name()), cause);
    }

    private static KubeObject object(ResourceKind kind, Optional<Doc> answer) {
        return new KubeObject(answer.orElseThrow(() -> new KubeException(
                        Status.of(Status.INTERNAL_ERROR, 500, "the cloud answered without the object"))))
                .typed(kind);
    }

    /** From what a list said, or from nothing; any other version lies before what is known here. */
    @Override
    public Watch watch(ResourceKind kind, String namespace, ListOptions options, Watcher watcher) {
        Selection selection = Selection.of(kind, namespace, options);
        String since = options.resourceVersion();
        if (HELD.contains(kind)) {
            return memory.watch(selection, since, watcher);
        }
        boolean anew = since.isEmpty() || "0".equals(since);
        return subscriptions.open(
                selection,
                anew ? Map.of() : listings.find(selection, since).orElseThrow(() -> Watches.expired(since)),
                watcher);
    }

    @Override
    public KubeObject create(ResourceKind kind, String namespace, KubeObject object, WriteOptions options) {
        ObjectKey key = new ObjectKey(kind, namespace, object.name());
        return object(kind, cloud.ask(Requests.create(key, "", object, options)));
    }

    @Override
    public KubeObject createSub(ObjectKey key, String subresource, KubeObject object, WriteOptions options) {
        return new KubeObject(
                cloud.ask(Requests.create(key, subresource, object, options)).orElse(object.doc()));
    }

    @Override
    public KubeObject update(ObjectKey key, String subresource, KubeObject object, WriteOptions options) {
        return object(key.kind(), cloud.ask(Requests.update(key, subresource, object, options)));
    }

    @Override
    public KubeObject patch(ObjectKey key, String subresource, Patch patch, WriteOptions options) {
        return object(key.kind(), cloud.ask(Requests.patch(key, subresource, patch, options)));
    }

    /** The cloud answers with nothing; what it was is what the node knew of it. */
    @Override
    public KubeObject delete(ObjectKey key, DeleteOptions options) {
        KubeObject known = memory.get(key).orElseGet(() -> named(key));
        return cloud.ask(Requests.delete(key, options))
                .filter(answer -> answer.text("kind").equals(key.kind().kind()))
                .map(KubeObject::new)
                .orElse(known);
    }

    private static KubeObject named(ObjectKey key) {
        KubeObject object = new KubeObject(Doc.EMPTY).typed(key.kind()).with(key.name(), "metadata", "name");
        return key.namespace().isEmpty() ? object : object.with(key.namespace(), "metadata", "namespace");
    }
}
