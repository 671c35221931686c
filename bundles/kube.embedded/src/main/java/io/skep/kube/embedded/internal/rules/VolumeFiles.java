package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.Doc;
import java.util.List;
import java.util.Set;

/** The files that some kinds of volumes are made of. */
final class VolumeFiles {

    private static final int HIGHEST_MODE = 0777;
    private static final long SHORTEST_TOKEN_SECONDS = 600;
    private static final long LONGEST_TOKEN_SECONDS = 1L << 32;

    private VolumeFiles() {}

    static void mode(Doc source, String field, String path, Causes causes) {
        long mode = source.number(0, field);
        if (mode < 0 || mode > HIGHEST_MODE) {
            causes.invalid(path + "." + field, mode, "must be a number between 0 and 0777 (octal), both inclusive");
        }
    }

    /** Keys of a ConfigMap or Secret, and the files they are shown as. */
    static void items(Doc source, String path, Causes causes) {
        List<Doc> items = source.objects("items");
        for (int i = 0; i < items.size(); i++) {
            String at = path + ".items[" + i + "]";
            if (items.get(i).text("key").isEmpty()) {
                causes.required(at + ".key");
            }
            relative(items.get(i).text("path"), at + ".path", causes);
            mode(items.get(i), "mode", at, causes);
        }
    }

    /**
     * Fields of the pod, and the files they are shown as.
     *
     * @param files the files of the same volume so far
     * @param volume path of the volume
     */
    static void downward(Doc source, String path, Set<String> files, String volume, Causes causes) {
        List<Doc> items = source.objects("items");
        for (int i = 0; i < items.size(); i++) {
            Doc item = items.get(i);
            String at = path + ".items[" + i + "]";
            relative(item.text("path"), at + ".path", causes);
            if (item.has("fieldRef")) {
                DownwardField.inFile(item.text("fieldRef", "fieldPath"), at + ".fieldRef", causes);
                if (item.has("resourceFieldRef")) {
                    causes.invalid(at, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
                }
            } else if (item.has("resourceFieldRef")) {
                DownwardField.resource(item.object("resourceFieldRef"), at + ".resourceFieldRef", true, causes);
            } else {
                causes.required(at, "one of fieldRef and resourceFieldRef is required");
            }
            mode(item, "mode", at, causes);
            once(item.text("path"), item.text("path"), files, volume, causes);
        }
    }

    static void token(Doc token, String path, Causes causes) {
        if (token.has("expirationSeconds")) {
            long seconds = token.number(0, "expirationSeconds");
            if (seconds < SHORTEST_TOKEN_SECONDS) {
                causes.invalid(path + ".expirationSeconds", seconds, "may not specify a duration less than 10 minutes");
            } else if (seconds > LONGEST_TOKEN_SECONDS) {
                causes.invalid(
                        path + ".expirationSeconds", seconds, "may not specify a duration larger than 2^32 seconds");
            }
        }
        relative(token.text("path"), path + ".path", causes);
    }

    /** No two sources of a volume make the same file. */
    static void once(String file, String source, Set<String> files, String volume, Causes causes) {
        if (!file.isEmpty() && !files.add(file)) {
            causes.invalid(volume, source, "conflicting duplicate paths");
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
        } else if (value.startsWith("..")) {
            causes.invalid(path, value, "must not start with '..'");
        }
    }
}
