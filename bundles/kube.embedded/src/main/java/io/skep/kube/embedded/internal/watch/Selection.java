package io.skep.kube.embedded.internal.watch;

import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.Selector;
import io.skep.kube.embedded.internal.storage.ParsedCache;
import io.skep.kube.embedded.internal.storage.Stored;
import java.util.Set;

/** Which objects of a kind a list or watch is about. */
public final class Selection {

    private final String namespace;
    private final Selector labels;
    private final Selector fields;
    private final ParsedCache cache;

    private Selection(String namespace, Selector labels, Selector fields, ParsedCache cache) {
        this.namespace = namespace;
        this.labels = labels;
        this.fields = fields;
        this.cache = cache;
    }

    /** Checks the selectors; {@code BadRequest} for a field that can't be selected by. */
    public static Selection of(ResourceKind kind, String namespace, ListOptions options, ParsedCache cache) {
        FieldLookup.check(kind, options.fields());
        return new Selection(namespace, options.labels(), options.fields(), cache);
    }

    /** Whether the key alone shows that the object is none of these. Cheap: no text is parsed. */
    public boolean excludes(Stored stored) {
        return !namespace.isEmpty() && !namespace.equals(stored.key().namespace())
                || fields.requirements().stream()
                        .filter(r -> r.key().equals("metadata.name"))
                        .anyMatch(r -> !new Selector(java.util.List.of(r))
                                .matches(key -> stored.key().name()));
    }

    /** Whether it is one of these. */
    public boolean includes(Stored stored) {
        if (excludes(stored)) {
            return false;
        }
        if (labels.requirements().isEmpty()
                && fields.requirements().stream()
                        .allMatch(r ->
                                Set.of("metadata.name", "metadata.namespace").contains(r.key()))) {
            return fields.matches(field -> field.equals("metadata.name")
                    ? stored.key().name()
                    : stored.key().namespace());
        }
        KubeObject object = cache.parse(stored);
        return labels.matches(object.labels()::get) && fields.matches(field -> FieldLookup.value(object, field));
    }
}
