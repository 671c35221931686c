package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.Doc;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a pod's volumes must look like. Source: Kubernetes {@code ValidateVolumes} in {@code pkg/apis/core/validation}. */
final class VolumeValidation {

    /** The fields of each kind that must be there. */
    private static final Map<String, List<String>> REQUIRED = Map.ofEntries(
            Map.entry("awsElasticBlockStore", List.of("volumeID")),
            Map.entry("azureDisk", List.of("diskName", "diskURI")),
            Map.entry("azureFile", List.of("secretName", "shareName")),
            Map.entry("cephfs", List.of("monitors")),
            Map.entry("cinder", List.of("volumeID")),
            Map.entry("configMap", List.of("name")),
            Map.entry("csi", List.of("driver")),
            Map.entry("ephemeral", List.of("volumeClaimTemplate")),
            Map.entry("flexVolume", List.of("driver")),
            Map.entry("gcePersistentDisk", List.of("pdName")),
            Map.entry("gitRepo", List.of("repository")),
            Map.entry("glusterfs", List.of("endpoints", "path")),
            Map.entry("hostPath", List.of("path")),
            Map.entry("iscsi", List.of("targetPortal", "iqn")),
            Map.entry("nfs", List.of("server", "path")),
            Map.entry("persistentVolumeClaim", List.of("claimName")),
            Map.entry("photonPersistentDisk", List.of("pdID")),
            Map.entry("portworxVolume", List.of("volumeID")),
            Map.entry("quobyte", List.of("registry", "volume")),
            Map.entry("rbd", List.of("monitors", "image")),
            Map.entry("scaleIO", List.of("gateway", "system", "volumeName")),
            Map.entry("secret", List.of("secretName")),
            Map.entry("vsphereVolume", List.of("volumePath")));

    private static final List<String> HOST_PATH_TYPES = List.of(
            "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket");

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
        List<String> types = types(volume);
        for (String extra : types.subList(Math.min(1, types.size()), types.size())) {
            causes.forbidden(path + "." + extra, "may not specify more than 1 volume type");
        }
        for (String type : types) {
            String at = path + "." + type;
            Doc source = volume.object(type);
            for (String field : REQUIRED.getOrDefault(type, List.of())) {
                if (source.at(field)
                        .filter(value -> !value.equals("") && !value.equals(List.of()))
                        .isEmpty()) {
                    causes.required(at + "." + field);
                }
            }
            VolumeFiles.mode(source, "defaultMode", at, causes);
            switch (type) {
                case "emptyDir" -> emptyDir(source, at, causes);
                case "hostPath" -> hostPath(source, at, causes);
                case "nfs" -> absolute(source.text("path"), at + ".path", causes);
                case "downwardAPI" -> VolumeFiles.downward(source, at, new HashSet<>(), at, causes);
                case "projected" -> projected(source, at, causes);
                default -> VolumeFiles.items(source, at, causes);
            }
        }
    }

    private static List<String> types(Doc volume) {
        return volume.asMap().keySet().stream()
                .filter(field -> !field.equals("name") && volume.has(field))
                .toList();
    }

    private static void emptyDir(Doc source, String path, Causes causes) {
        if (source.text("sizeLimit").startsWith("-")) {
            causes.forbidden(path + ".sizeLimit", "SizeLimit field must be a valid resource quantity");
        }
    }

    private static void hostPath(Doc source, String path, Causes causes) {
        if (List.of(source.text("path").split("/")).contains("..")) {
            causes.invalid(path + ".path", source.text("path"), "must not contain '..'");
        }
        if (!HOST_PATH_TYPES.contains(source.text("type"))) {
            causes.unsupported(path + ".type", source.text("type"), HOST_PATH_TYPES);
        }
    }

    private static void absolute(String value, String path, Causes causes) {
        if (!value.isEmpty() && !value.startsWith("/")) {
            causes.invalid(path, value, "must be an absolute path");
        }
    }

    private static void projected(Doc volume, String path, Causes causes) {
        Set<String> files = new HashSet<>();
        List<Doc> sources = volume.objects("sources");
        for (int i = 0; i < sources.size(); i++) {
            Doc source = sources.get(i);
            String at = path + ".sources[" + i + "]";
            List<String> types = types(source);
            for (String extra : types.subList(Math.min(1, types.size()), types.size())) {
                causes.forbidden(at + "." + extra, "may not specify more than 1 volume type");
            }
            for (String type : List.of("configMap", "secret")) {
                if (source.has(type) && source.text(type, "name").isEmpty()) {
                    causes.required(at + "." + type + ".name");
                }
                VolumeFiles.items(source.object(type), at + "." + type, causes);
                source.objects(type, "items")
                        .forEach(item ->
                                VolumeFiles.once(item.text("path"), source.text(type, "name"), files, path, causes));
            }
            VolumeFiles.downward(source.object("downwardAPI"), at + ".downwardAPI", files, path, causes);
            if (source.has("serviceAccountToken")) {
                VolumeFiles.token(source.object("serviceAccountToken"), at + ".serviceAccountToken", causes);
                String file = source.text("serviceAccountToken", "path");
                VolumeFiles.once(file, file, files, path, causes);
            }
        }
    }
}
