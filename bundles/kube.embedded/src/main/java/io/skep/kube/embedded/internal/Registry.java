package io.skep.kube.embedded.internal;

import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.Patch;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.Status;
import io.skep.kube.embedded.internal.patch.Patches;
import io.skep.kube.embedded.internal.rules.Causes;
import io.skep.kube.embedded.internal.rules.EphemeralContainers;
import io.skep.kube.embedded.internal.rules.KindRules;
import io.skep.kube.embedded.internal.rules.KnownFields;
import io.skep.kube.embedded.internal.rules.Metadata;
import io.skep.kube.embedded.internal.rules.Rules;
import io.skep.kube.embedded.internal.rules.RuntimeClassAdmission;
import io.skep.kube.embedded.internal.rules.Schema;
import io.skep.kube.embedded.internal.rules.SchemaCheck;
import io.skep.kube.embedded.internal.storage.Draft;
import io.skep.kube.embedded.internal.storage.Journal;
import io.skep.kube.embedded.internal.storage.ParsedCache;
import io.skep.kube.embedded.internal.storage.Stored;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Writes as the API server does them: filled in, checked, compared, then journalled. Any thread; waits for the disk.
 */
final class Registry {

    private static final int GENERATED_NAME_TRIES = 8;
    private static final int OVERTAKEN_TRIES = 100;
    private static final String MODIFIED =
            "the object has been modified; please apply your changes to the latest version and try again";

    private final Journal journal;
    private final Writes writes;
    private final ParsedCache cache;
    private final SchemaCheck schemaCheck;
    private final KnownFields knownFields;
    private final Patches patches;
    private final RuntimeClassAdmission runtimeClasses;
    private final InstantSource clock;

    Registry(Journal journal, ParsedCache cache, Schema schema, InstantSource clock) {
        this.journal = journal;
        this.writes = new Writes(journal, cache);
        this.cache = cache;
        this.schemaCheck = new SchemaCheck(schema);
        this.knownFields = new KnownFields(schema);
        this.patches = new Patches(schema);
        this.runtimeClasses = new RuntimeClassAdmission(
                name -> journal.newest(ObjectKey.of(Kinds.RUNTIME_CLASS, name)).map(cache::parse));
        this.clock = clock;
    }

    KubeObject create(ResourceKind kind, String namespace, KubeObject object, boolean dryRun) {
        Metadata.checkAddressed(kind, namespace, object);
        if (kind.namespaced() && namespace.isEmpty()) {
            throw badRequest("an empty namespace may not be set during creation");
        }
        KubeObject clean = schemaCheck.clean(kind, object);
        if (!clean.resourceVersion().isEmpty() && !"0".equals(clean.resourceVersion())) {
            throw badRequest("resourceVersion should not be set on objects to be created");
        }
        boolean generated = clean.name().isEmpty();
        for (int attempt = 1; ; attempt++) {
            try {
                return createOnce(kind, namespace, clean, dryRun);
            } catch (KubeException e) {
                boolean again = generated && e.reason().equals(Status.ALREADY_EXISTS) && attempt < GENERATED_NAME_TRIES;
                if (!again) {
                    throw e;
                }
            }
        }
    }

    private KubeObject createOnce(ResourceKind kind, String namespace, KubeObject object, boolean dryRun) {
        KindRules rules = Rules.of(kind);
        KubeObject begun = Metadata.begin(kind, namespace, object, clock.instant());
        checkNamespace(kind, begun);
        KubeObject initial = rules.initial().apply(rules.defaults().apply(begun));
        KubeObject filled = Metadata.arrange(kind, kind.equals(Kinds.POD) ? runtimeClasses.admit(initial) : initial);
        Causes causes = new Causes();
        Metadata.check(kind, filled, causes);
        rules.validation().check(filled, causes);
        if (kind.equals(Kinds.POD)) {
            EphemeralContainers.checkNew(filled, causes);
        }
        causes.throwIfAny(kind, filled.name());
        ObjectKey key = new ObjectKey(kind, kind.namespaced() ? namespace : "", filled.name());
        if (journal.newest(key).isPresent()) {
            throw new KubeException(Status.alreadyExists(kind, filled.name()));
        }
        Draft draft = Writes.draft(key, filled);
        if (dryRun) {
            return filled.without("metadata", "resourceVersion");
        }
        try {
            return writes.create(key, draft);
        } catch (Journal.Overtaken e) {
            throw new KubeException(Status.alreadyExists(kind, filled.name()), e);
        }
    }

    private void checkNamespace(ResourceKind kind, KubeObject object) {
        if (!kind.namespaced()) {
            return;
        }
        String name = object.namespace();
        KubeObject namespace = journal.newest(ObjectKey.of(Kinds.NAMESPACE, name))
                .map(cache::parse)
                .orElseThrow(() -> new KubeException(Status.notFound(Kinds.NAMESPACE, name)));
        if (namespace.deletionTimestamp().isPresent()) {
            throw new KubeException(terminating(kind, object));
        }
    }

    private static Status terminating(ResourceKind kind, KubeObject object) {
        String namespace = object.namespace();
        Doc details = Doc.of(Map.of(
                "name",
                object.name(),
                "kind",
                kind.plural(),
                "causes",
                List.of(Map.of(
                        "reason", "NamespaceTerminating",
                        "message", "namespace " + namespace + " is being terminated",
                        "field", "metadata.namespace"))));
        return new Status(
                Status.FORBIDDEN,
                403,
                kind.qualifiedPlural() + " \"" + object.name()
                        + "\" is forbidden: unable to create new content in namespace " + namespace
                        + " because it is being terminated",
                details);
    }

    KubeObject update(ObjectKey key, String subresource, KubeObject object, boolean dryRun) {
        Metadata.checkAddressed(key.kind(), key.namespace(), object);
        Metadata.checkNamed(key, object);
        KubeObject clean = schemaCheck.clean(key.kind(), object);
        return edit(key, dryRun, before -> next(key, subresource, before, clean));
    }

    KubeObject patch(ObjectKey key, String subresource, Patch patch, boolean dryRun) {
        return edit(key, dryRun, before -> {
            KubeObject patched = patches.apply(key.kind(), before, patch);
            Metadata.checkAddressed(key.kind(), key.namespace(), patched);
            Metadata.checkNamed(key, patched);
            KubeObject clean = schemaCheck.cleanPatched(key.kind(), patched, patch);
            return next(key, subresource, before, clean);
        });
    }

    /** The object after a write of {@code clean}, filled in and checked. */
    private KubeObject next(ObjectKey key, String subresource, KubeObject before, KubeObject clean) {
        ResourceKind kind = key.kind();
        checkPrecondition(key, before, clean.uid(), clean.resourceVersion(), MODIFIED);
        KubeObject kept = Metadata.keep(kind, before, Parts.written(kind, subresource, before, clean));
        KindRules rules = Rules.of(kind);
        KubeObject filled = Metadata.arrange(kind, rules.defaults().apply(kept));
        Causes causes = new Causes();
        Metadata.check(kind, filled, causes);
        Metadata.checkFinalizers(before, filled, causes);
        if (subresource.isEmpty()) {
            checkNew(rules, before, filled, causes);
            rules.changes().check(before, filled, causes);
        } else if (subresource.equals(Parts.EPHEMERAL)) {
            EphemeralContainers.check(before, filled, causes);
        }
        causes.throwIfAny(kind, key.name());
        boolean counts = rules.generation() && !Parts.desired(before).equals(Parts.desired(filled));
        return counts
                ? filled.with(before.doc().number(0, "metadata", "generation") + 1, "metadata", "generation")
                : filled;
    }

    /** What was let in before there was a rule against it can still be changed elsewhere. */
    private static void checkNew(KindRules rules, KubeObject before, KubeObject after, Causes causes) {
        Causes found = new Causes();
        rules.validation().check(after, found);
        if (!found.isEmpty()) {
            Causes former = new Causes();
            rules.validation().check(before, former);
            causes.addNew(found, former);
        }
    }

    /**
     * Changes an object, whatever others write meanwhile. {@code change} may run several times; one that changes nothing
     * is not written; one that takes away the last thing that held an object in deletion removes it.
     */
    KubeObject edit(ObjectKey key, boolean dryRun, UnaryOperator<KubeObject> change) {
        for (int attempt = 0; attempt < OVERTAKEN_TRIES; attempt++) {
            Stored base =
                    journal.newest(key).orElseThrow(() -> new KubeException(Status.notFound(key.kind(), key.name())));
            KubeObject before = knownFields.of(key.kind(), cache.parse(base));
            KubeObject after = change.apply(before).with(before.resourceVersion(), "metadata", "resourceVersion");
            boolean gone = Deletion.isFree(after);
            if (dryRun || !gone && after.equals(before)) {
                return after;
            }
            try {
                if (gone) {
                    writes.remove(key, base);
                    return after;
                }
                return writes.replace(key, base, after);
            } catch (Journal.Overtaken e) {
                // Somebody was faster: once more, on what they wrote.
            }
        }
        throw new KubeException(Status.conflict(key.kind(), key.name(), MODIFIED));
    }

    KubeObject delete(ObjectKey key, DeleteOptions options) {
        for (int attempt = 0; attempt < OVERTAKEN_TRIES; attempt++) {
            Stored base =
                    journal.newest(key).orElseThrow(() -> new KubeException(Status.notFound(key.kind(), key.name())));
            KubeObject before = cache.parse(base);
            checkPrecondition(key, before, options.uid(), options.resourceVersion(), "");
            Deletion deletion = Deletion.of(key.kind(), before, options, clock.instant());
            if (options.dryRun() || deletion.effect() == Deletion.Effect.NOTHING) {
                return deletion.object();
            }
            try {
                if (deletion.effect() == Deletion.Effect.REMOVE) {
                    writes.remove(key, base);
                    return deletion.object();
                }
                KubeObject marked = Metadata.arrange(key.kind(), deletion.object());
                return writes.replace(key, base, marked);
            } catch (Journal.Overtaken e) {
                // Somebody was faster: once more, on what they wrote.
            }
        }
        throw new KubeException(Status.conflict(key.kind(), key.name(), MODIFIED));
    }

    private static void checkPrecondition(
            ObjectKey key, KubeObject before, String uid, String resourceVersion, String text) {
        if (!uid.isEmpty() && !uid.equals(before.uid())) {
            throw new KubeException(Status.conflict(
                    key.kind(),
                    key.name(),
                    "Precondition failed: UID in precondition: " + uid + ", UID in object meta: " + before.uid()));
        }
        if (!resourceVersion.isEmpty()
                && !"0".equals(resourceVersion)
                && !resourceVersion.equals(before.resourceVersion())) {
            String why = text.isEmpty()
                    ? "Precondition failed: ResourceVersion in precondition: " + resourceVersion
                            + ", ResourceVersion in object meta: " + before.resourceVersion()
                    : text;
            throw new KubeException(Status.conflict(key.kind(), key.name(), why));
        }
    }

    private static KubeException badRequest(String message) {
        return new KubeException(Status.of(Status.BAD_REQUEST, 400, message));
    }
}
