package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.Quantity;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The fields of its pod that a variable or a file shows.
 *
 * <p>Source: Kubernetes {@code validateObjectFieldSelector} and {@code validateContainerResourceFieldSelector}.
 */
final class DownwardField {

    private static final List<String> IN_VARIABLES = List.of(
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
    private static final List<String> IN_FILES =
            List.of(ANNOTATIONS, "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid");
    private static final Pattern ENTRY = Pattern.compile("(.*?)\\['(.*)'\\]");
    private static final String CONVERTING = "error converting fieldPath: field label ";

    private static final List<String> RESOURCES = List.of(
            "limits.cpu",
            "limits.ephemeral-storage",
            "limits.memory",
            "requests.cpu",
            "requests.ephemeral-storage",
            "requests.memory");
    private static final List<String> CPU_DIVISORS = List.of("1m", "1");
    private static final List<String> BYTE_DIVISORS =
            List.of("1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei");

    private DownwardField() {}

    /** {@code fieldRef} of a variable. */
    static void inVariable(String field, String path, Causes causes) {
        check(field, path, IN_VARIABLES, causes);
    }

    /** {@code fieldRef} of a file; it shows all labels too. */
    static void inFile(String field, String path, Causes causes) {
        check(field, path, IN_FILES, causes);
    }

    private static void check(String field, String path, List<String> supported, Causes causes) {
        Matcher entry = ENTRY.matcher(field);
        if (field.isEmpty()) {
            causes.required(path + ".fieldPath");
        } else if (entry.matches() && MAPS.contains(entry.group(1))) {
            String key = entry.group(2);
            Names.qualified(causes, path, entry.group(1).equals(ANNOTATIONS) ? key.toLowerCase(Locale.ROOT) : key);
        } else if (entry.matches()) {
            causes.invalid(path + ".fieldPath", field, CONVERTING + "does not support subscript: " + field);
        } else if (supported.contains(field)) {
            return;
        } else if (MAPS.contains(field) || IN_VARIABLES.contains(field)) {
            causes.unsupported(path + ".fieldPath", field, supported);
        } else if (!field.equals("spec.host")) {
            causes.invalid(path + ".fieldPath", field, CONVERTING + "not supported: " + field);
        }
    }

    /**
     * {@code resourceFieldRef}.
     *
     * @param inFile whether it must say of which container
     */
    static void resource(Doc reference, String path, boolean inFile, Causes causes) {
        String resource = reference.text("resource");
        if (inFile && reference.text("containerName").isEmpty()) {
            causes.required(path + ".containerName");
        } else if (resource.isEmpty()) {
            causes.required(path + ".resource");
        } else if (!RESOURCES.contains(resource) && !resource.matches("(limits|requests)\\.hugepages-.+")) {
            causes.unsupported(path + ".resource", resource, RESOURCES);
        }
        if (RESOURCES.contains(resource) && reference.has("divisor")) {
            divisor(resource, reference.text("divisor"), path + ".divisor", causes);
        }
    }

    private static void divisor(String resource, String divisor, String path, Causes causes) {
        boolean cpu = resource.endsWith(".cpu");
        List<String> known = cpu ? CPU_DIVISORS : BYTE_DIVISORS;
        BigDecimal amount = amount(divisor);
        if (amount.signum() != 0 && known.stream().noneMatch(k -> amount(k).compareTo(amount) == 0)) {
            causes.invalid(
                    path,
                    resource,
                    "only divisor's values " + String.join(cpu ? " and " : ", ", known) + " are supported with the "
                            + (cpu ? "cpu" : resource.endsWith(".memory") ? "memory" : "local ephemeral storage")
                            + " resource");
        }
    }

    private static BigDecimal amount(String quantity) {
        try {
            return Quantity.parse(quantity).amount();
        } catch (KubeException e) {
            return BigDecimal.valueOf(-1);
        }
    }
}
