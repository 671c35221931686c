package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.Quantity;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a container must look like. */
final class ContainerValidation {

    private static final List<String> PULL_POLICIES = List.of("Always", "IfNotPresent", "Never");
    private static final List<String> MESSAGE_POLICIES = List.of("FallbackToLogsOnError", "File");
    private static final List<String> RESOURCES = List.of("cpu", "memory", "ephemeral-storage");
    private static final List<String> PROBES = List.of("livenessProbe", "readinessProbe", "startupProbe");
    private static final List<String> HANDLERS = List.of("exec", "httpGet", "tcpSocket", "grpc", "sleep");

    private ContainerValidation() {}

    static void check(Doc container, String path, Set<String> volumes, Causes causes) {
        if (container.text("name").isEmpty()) {
            causes.required(path + ".name");
        } else {
            Names.label(causes, path + ".name", container.text("name"));
        }
        String image = container.text("image");
        if (image.isEmpty()) {
            causes.required(path + ".image");
        } else if (!image.equals(image.strip())) {
            causes.invalid(path + ".image", image, "must not have leading or trailing whitespace");
        }
        oneOf(container, path, "terminationMessagePolicy", MESSAGE_POLICIES, causes);
        PortValidation.check(container.objects("ports"), path + ".ports", causes);
        env(container.objects("env"), path + ".env", causes);
        envFrom(container.objects("envFrom"), path + ".envFrom", causes);
        mounts(container.objects("volumeMounts"), path + ".volumeMounts", volumes, causes);
        oneOf(container, path, "imagePullPolicy", PULL_POLICIES, causes);
        resources(container.object("resources"), path + ".resources", causes);
        IdentityValidation.check(container.object("securityContext"), path + ".securityContext", causes);
        for (String probe : PROBES) {
            if (container.has(probe)) {
                handler(container.object(probe), path + "." + probe, causes);
            }
        }
        container
                .object("lifecycle")
                .asMap()
                .keySet()
                .forEach(hook -> handler(container.object("lifecycle", hook), path + ".lifecycle." + hook, causes));
    }

    private static void oneOf(Doc container, String path, String field, List<String> supported, Causes causes) {
        if (!supported.contains(container.text(field))) {
            causes.unsupported(path + "." + field, container.text(field), supported);
        }
    }

    private static void env(List<Doc> env, String path, Causes causes) {
        for (int i = 0; i < env.size(); i++) {
            Doc variable = env.get(i);
            String at = path + "[" + i + "]";
            if (variable.text("name").isEmpty()) {
                causes.required(at + ".name");
            } else {
                Names.envName(causes, at + ".name", variable.text("name"));
            }
            if (!variable.has("valueFrom")) {
                continue;
            }
            Map<String, Object> from = variable.object("valueFrom").asMap();
            if (!variable.text("value").isEmpty()) {
                causes.invalid(at + ".valueFrom", "", "may not be specified when `value` is not empty");
            } else if (from.isEmpty()) {
                causes.invalid(
                        at + ".valueFrom",
                        "",
                        "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`");
            } else if (from.size() > 1) {
                causes.invalid(at + ".valueFrom", "", "may not have more than one field specified at a time");
            }
            if (variable.has("valueFrom", "fieldRef")) {
                DownwardField.inVariable(
                        variable.object("valueFrom").text("fieldRef", "fieldPath"), at + ".valueFrom.fieldRef", causes);
            }
            if (variable.has("valueFrom", "resourceFieldRef")) {
                DownwardField.resource(
                        variable.object("valueFrom", "resourceFieldRef"),
                        at + ".valueFrom.resourceFieldRef",
                        false,
                        causes);
            }
            keyRef(variable.object("valueFrom"), at + ".valueFrom", causes);
        }
    }

    private static void keyRef(Doc from, String path, Causes causes) {
        for (String type : List.of("configMapKeyRef", "secretKeyRef")) {
            if (from.has(type)) {
                require(from.object(type), "name", path + "." + type, causes);
                require(from.object(type), "key", path + "." + type, causes);
            }
        }
    }

    private static void envFrom(List<Doc> sources, String path, Causes causes) {
        for (int i = 0; i < sources.size(); i++) {
            Doc source = sources.get(i);
            String at = path + "[" + i + "]";
            for (String type : List.of("configMapRef", "secretRef")) {
                if (source.has(type)) {
                    require(source.object(type), "name", at + "." + type, causes);
                }
            }
            if (!source.has("configMapRef") && !source.has("secretRef")) {
                causes.invalid(at, "", "must specify one of: `configMapRef` or `secretRef`");
            }
        }
    }

    private static void require(Doc object, String field, String path, Causes causes) {
        if (object.text(field).isEmpty()) {
            causes.required(path + "." + field);
        }
    }

    private static void mounts(List<Doc> mounts, String path, Set<String> volumes, Causes causes) {
        Set<String> places = new HashSet<>();
        for (int i = 0; i < mounts.size(); i++) {
            Doc mount = mounts.get(i);
            String at = path + "[" + i + "]";
            String name = mount.text("name");
            if (name.isEmpty()) {
                causes.required(at + ".name");
            } else if (!volumes.contains(name)) {
                causes.notFound(at + ".name", name);
            }
            String place = mount.text("mountPath");
            if (place.isEmpty()) {
                causes.required(at + ".mountPath");
            } else if (!places.add(place)) {
                causes.invalid(at + ".mountPath", place, "must be unique");
            }
            String sub = mount.text("subPath");
            if (sub.startsWith("/")) {
                causes.invalid(at + ".subPath", sub, "must be a relative path");
            } else if (List.of(sub.split("/")).contains("..")) {
                causes.invalid(at + ".subPath", sub, "must not contain '..'");
            }
        }
    }

    private static void resources(Doc resources, String path, Causes causes) {
        Map<String, String> limits = resources.textMap("limits");
        limits.forEach((resource, amount) -> {
            resourceName(resource, path + ".limits[" + resource + "]", causes);
            quantity(amount, path + ".limits[" + resource + "]", causes);
        });
        resources.textMap("requests").forEach((resource, amount) -> {
            String at = path + ".requests[" + resource + "]";
            resourceName(resource, at, causes);
            quantity(amount, at, causes);
            String limit = limits.get(resource);
            if (limit != null && isQuantity(amount) && isQuantity(limit) && exceeds(amount, limit)) {
                causes.invalid(
                        path + ".requests", amount, "must be less than or equal to " + resource + " limit of " + limit);
            }
        });
    }

    private static void resourceName(String resource, String path, Causes causes) {
        Names.qualified(causes, path, resource);
        if (!resource.contains("/") && !RESOURCES.contains(resource) && !resource.startsWith("hugepages-")) {
            causes.invalid(path, resource, "must be a standard resource type or fully qualified");
            causes.invalid(path, resource, "must be a standard resource for containers");
        }
    }

    private static boolean exceeds(String request, String limit) {
        return Quantity.parse(request).amount().compareTo(Quantity.parse(limit).amount()) > 0;
    }

    static void quantity(String amount, String path, Causes causes) {
        if (!isQuantity(amount)) {
            causes.invalid(
                    path,
                    amount,
                    "quantities must match the regular expression" + " '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
        } else if (Quantity.parse(amount).amount().signum() < 0) {
            causes.invalid(path, amount, "must be greater than or equal to 0");
        }
    }

    private static boolean isQuantity(String amount) {
        try {
            Quantity.parse(amount);
            return true;
        } catch (KubeException e) {
            return false;
        }
    }

    private static void handler(Doc handler, String path, Causes causes) {
        List<String> types = HANDLERS.stream().filter(handler::has).toList();
        if (types.isEmpty()) {
            causes.required(path, "must specify a handler type");
        }
        for (String extra : types.subList(Math.min(1, types.size()), types.size())) {
            causes.forbidden(path + "." + extra, "may not specify more than 1 handler type");
        }
        if (handler.has("exec") && handler.items("exec", "command").isEmpty()) {
            causes.required(path + ".exec.command");
        }
        for (String type : List.of("httpGet", "tcpSocket")) {
            if (handler.has(type)) {
                PortValidation.target(handler.object(type), path + "." + type, causes);
            }
        }
    }
}
