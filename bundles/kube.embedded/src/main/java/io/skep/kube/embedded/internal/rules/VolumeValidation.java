package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.Doc;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a pod's volumes must look like. */
final class VolumeValidation {

    /** The field of each type that must be there. */
    private static final Map<String, String> REQUIRED = Map.of(
            "configMap", "name",
            "secret", "secretName",
            "hostPath", "path",
            "persistentVolumeClaim", "claimName",
            "csi", "driver",
            "nfs", "server");

    private VolumeValidation() {}

    static void check(List<Doc> volumes, Set<String> names, Causes causes) {
        for (int i = 0; i < volumes.size(); i++) {
            Doc volume = volumes.get(i);
            String path = "spec.volumes[" + i + "]";
            String name = volume.text("name");
            source(volume, path, causes);
            if (name.isEmpty()) {
                causes.required(path + ".name");
            } else {
                Names.label(causes, path + ".name", name);
                if (!names.add(name)) {
                    causes.duplicate(path + ".name", name);
                }
            }
        }
    }

    private static void source(Doc volume, String path, Causes causes) {
        List<String> types = volume.asMap().keySet().stream()
                .filter(field -> !field.equals("name") && volume.has(field))
                .toList();
        for (String extra : types.subList(Math.min(1, types.size()), types.size())) {
            causes.forbidden(path + "." + extra, "may not specify more than 1 volume type");
        }
        for (String type : types) {
            String field = REQUIRED.get(type);
            if (field != null && volume.text(type, field).isEmpty()) {
                causes.required(path + "." + type + "." + field);
            }
            items(volume.object(type), path + "." + type, causes);
        }
        List<Doc> sources = volume.objects("projected", "sources");
        for (int i = 0; i < sources.size(); i++) {
            projected(sources.get(i), path + ".projected.sources[" + i + "]", causes);
        }
    }

    private static void projected(Doc source, String path, Causes causes) {
        for (String type : List.of("configMap", "secret")) {
            if (source.has(type) && source.text(type, "name").isEmpty()) {
                causes.required(path + "." + type + ".name");
            }
            items(source.object(type), path + "." + type, causes);
        }
        if (source.has("serviceAccountToken")) {
            relative(source.text("serviceAccountToken", "path"), path + ".serviceAccountToken.path", causes);
        }
    }

    private static void items(Doc source, String path, Causes causes) {
        List<Doc> items = source.objects("items");
        for (int i = 0; i < items.size(); i++) {
            Doc item = items.get(i);
            if (!item.has("fieldRef")
                    && !item.has("resourceFieldRef")
                    && item.text("key").isEmpty()) {
                causes.required(path + ".items[" + i + "].key");
            }
            relative(item.text("path"), path + ".items[" + i + "].path", causes);
        }
    }

    /** A path that could leave its volume never gets as far as a node. */
    private static void relative(String value, String path, Causes causes) {
        if (value.isEmpty()) {
            causes.required(path);
        } else if (value.startsWith("/")) {
            causes.invalid(path, value, "must be a relative path");
        } else if (List.of(value.split("/")).contains("..")) {
            causes.invalid(path, value, "must not contain '..'");
        }
    }
}
