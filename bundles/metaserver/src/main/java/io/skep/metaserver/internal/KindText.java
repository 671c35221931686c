package io.skep.metaserver.internal;

import io.skep.kube.api.Doc;
import io.skep.kube.api.ResourceKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A kind as the cloud's definition of a custom resource says it, and as this node keeps it. */
final class KindText {

    private KindText() {}

    /** The kinds of a CustomResourceDefinition, one a version that is served. */
    static List<ResourceKind> defined(Doc definition) {
        Doc spec = definition.object("spec");
        return spec.objects("versions").stream()
                .filter(version -> version.flag(false, "served"))
                .map(version -> new ResourceKind(
                        spec.text("group"),
                        version.text("name"),
                        spec.text("names", "kind"),
                        spec.text("names", "plural"),
                        spec.text("names", "singular"),
                        spec.text("scope").equals("Namespaced"),
                        spec.texts("names", "shortNames"),
                        spec.texts("names", "categories"),
                        subresources(version)))
                .toList();
    }

    private static List<String> subresources(Doc version) {
        List<String> found = new ArrayList<>();
        for (String name : List.of("scale", "status")) {
            if (version.has("subresources", name)) {
                found.add(name);
            }
        }
        return found;
    }

    static Map<String, Object> tree(ResourceKind kind) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("group", kind.group());
        tree.put("version", kind.version());
        tree.put("kind", kind.kind());
        tree.put("plural", kind.plural());
        tree.put("singular", kind.singular());
        tree.put("namespaced", kind.namespaced());
        tree.put("shortNames", kind.shortNames());
        tree.put("categories", kind.categories());
        tree.put("subresources", kind.subresources());
        return tree;
    }

    /** Reads what {@link #tree} made. */
    static ResourceKind read(Doc tree) {
        return new ResourceKind(
                tree.text("group"),
                tree.text("version"),
                tree.text("kind"),
                tree.text("plural"),
                tree.text("singular"),
                tree.flag(false, "namespaced"),
                tree.texts("shortNames"),
                tree.texts("categories"),
                tree.texts("subresources"));
    }
}
