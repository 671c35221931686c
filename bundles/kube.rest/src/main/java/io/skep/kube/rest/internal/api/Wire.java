package io.skep.kube.rest.internal.api;

import io.skep.kube.api.KubeList;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ResourceKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Objects and lists as they look on the wire: kind and version first, and not repeated in a list's items. */
final class Wire {

    private static final String KIND = "kind";
    private static final String API_VERSION = "apiVersion";

    private Wire() {}

    static Map<String, Object> tree(KubeObject object) {
        return headed(object.kind(), object.apiVersion(), object.doc().asMap());
    }

    /** The object under the kind it was asked for. */
    static Map<String, Object> tree(ResourceKind kind, KubeObject object) {
        String name = object.kind().isEmpty() ? kind.kind() : object.kind();
        String version = object.apiVersion().isEmpty() ? kind.apiVersion() : object.apiVersion();
        return headed(name, version, object.doc().asMap());
    }

    static Map<String, Object> list(ResourceKind kind, KubeList list) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put(KIND, kind.kind() + "List");
        tree.put(API_VERSION, kind.apiVersion());
        tree.put("metadata", listMeta(list));
        List<Object> items = new ArrayList<>(list.items().size());
        for (KubeObject item : list.items()) {
            items.add(item.without(KIND).without(API_VERSION).doc().asMap());
        }
        tree.put("items", items);
        return tree;
    }

    static Map<String, Object> listMeta(KubeList list) {
        Map<String, Object> meta = new LinkedHashMap<>();
        meta.put("resourceVersion", list.resourceVersion());
        if (!list.continueToken().isEmpty()) {
            meta.put("continue", list.continueToken());
        }
        if (list.remaining() > 0) {
            meta.put("remainingItemCount", list.remaining());
        }
        return meta;
    }

    private static Map<String, Object> headed(String kind, String apiVersion, Map<String, Object> fields) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put(KIND, kind);
        tree.put(API_VERSION, apiVersion);
        fields.forEach(tree::putIfAbsent);
        return tree;
    }
}
