package io.skep.kube.embedded.internal.rules;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The field of its pod that a variable shows. Source: Kubernetes {@code validateObjectFieldSelector}. */
final class EnvField {

    private static final List<String> FIELDS = List.of(
            "metadata.name",
            "metadata.namespace",
            "metadata.uid",
            "spec.nodeName",
            "spec.serviceAccountName",
            "status.hostIP",
            "status.hostIPs",
            "status.podIP",
            "status.podIPs");
    private static final String ANNOTATIONS = "metadata.annotations";
    private static final List<String> MAPS = List.of(ANNOTATIONS, "metadata.labels");
    private static final Pattern ENTRY = Pattern.compile("(.*?)\\['(.*)'\\]");
    private static final String CONVERTING = "error converting fieldPath: field label ";

    private EnvField() {}

    static void check(String field, String path, Causes causes) {
        Matcher entry = ENTRY.matcher(field);
        if (field.isEmpty()) {
            causes.required(path + ".fieldPath");
        } else if (entry.matches() && MAPS.contains(entry.group(1))) {
            String key = entry.group(2);
            Names.qualified(causes, path, entry.group(1).equals(ANNOTATIONS) ? key.toLowerCase(Locale.ROOT) : key);
        } else if (entry.matches()) {
            causes.invalid(path + ".fieldPath", field, CONVERTING + "does not support subscript: " + field);
        } else if (MAPS.contains(field)) {
            causes.unsupported(path + ".fieldPath", field, FIELDS);
        } else if (!FIELDS.contains(field) && !field.equals("spec.host")) {
            causes.invalid(path + ".fieldPath", field, CONVERTING + "not supported: " + field);
        }
    }
}
