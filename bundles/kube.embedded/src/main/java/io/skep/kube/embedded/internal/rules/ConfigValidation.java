package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.Status;
import io.skep.kube.embedded.internal.storage.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** ConfigMaps and Secrets. Source: Kubernetes {@code pkg/apis/core/validation/validation.go}. */
final class ConfigValidation {

    private static final int MOST_BYTES = 1 << 20;
    private static final String IMMUTABLE = "field is immutable when `immutable` is set";

    /** Keys a secret of a type must have. */
    private static final Map<String, List<String>> REQUIRED = Map.of(
            "kubernetes.io/tls", List.of("tls.crt", "tls.key"),
            "kubernetes.io/dockerconfigjson", List.of(".dockerconfigjson"),
            "kubernetes.io/dockercfg", List.of(".dockercfg"),
            "kubernetes.io/ssh-auth", List.of("ssh-privatekey"));

    /** Of these one at least. */
    private static final List<String> BASIC = List.of("username", "password");

    private ConfigValidation() {}

    static void checkConfigMap(KubeObject map, Causes causes) {
        long bytes = 0;
        Map<String, String> data = map.doc().textMap("data");
        for (Map.Entry<String, String> entry : data.entrySet()) {
            Names.configKey(causes, "data[" + entry.getKey() + "]", entry.getKey());
            bytes += entry.getValue().getBytes(StandardCharsets.UTF_8).length;
        }
        for (Map.Entry<String, String> entry : map.doc().textMap("binaryData").entrySet()) {
            Names.configKey(causes, "binaryData[" + entry.getKey() + "]", entry.getKey());
            if (data.containsKey(entry.getKey())) {
                causes.invalid(
                        "data[" + entry.getKey() + "]", entry.getKey(), "duplicate of key present in binaryData");
            }
            bytes += decoded(map, entry.getValue()).length;
        }
        if (bytes > MOST_BYTES) {
            causes.tooLong("", MOST_BYTES);
        }
    }

    static void checkConfigMapChange(KubeObject before, KubeObject after, Causes causes) {
        if (before.doc().flag(false, "immutable")) {
            unchanged(before, after, "data", causes);
            unchanged(before, after, "binaryData", causes);
            staysImmutable(after, causes);
        }
    }

    /** {@code stringData} is for writing only. */
    static KubeObject secretDefaults(KubeObject secret) {
        KubeObject filled = secret;
        for (Map.Entry<String, String> entry :
                secret.doc().textMap("stringData").entrySet()) {
            byte[] value = entry.getValue().getBytes(StandardCharsets.UTF_8);
            filled = filled.with(Base64.getEncoder().encodeToString(value), "data", entry.getKey());
        }
        filled = filled.without("stringData");
        return filled.doc().text("type").isEmpty() ? filled.with("Opaque", "type") : filled;
    }

    static void checkSecret(KubeObject secret, Causes causes) {
        long bytes = 0;
        Map<String, String> data = secret.doc().textMap("data");
        for (Map.Entry<String, String> entry : data.entrySet()) {
            Names.configKey(causes, "data[" + entry.getKey() + "]", entry.getKey());
            bytes += decoded(secret, entry.getValue()).length;
        }
        if (bytes > MOST_BYTES) {
            causes.tooLong("data", MOST_BYTES);
        }
        String type = secret.doc().text("type");
        for (String key : REQUIRED.getOrDefault(type, List.of())) {
            if (!data.containsKey(key)) {
                causes.required("data[" + key + "]");
            }
        }
        if (type.equals("kubernetes.io/basic-auth") && BASIC.stream().noneMatch(data::containsKey)) {
            BASIC.forEach(key -> causes.required("data[" + key + "]"));
        }
        String account = "kubernetes.io/service-account.name";
        if (type.equals("kubernetes.io/service-account-token")
                && secret.annotations().getOrDefault(account, "").isEmpty()) {
            causes.required("metadata.annotations[" + account + "]");
        }
        for (String key : List.of(".dockerconfigjson", ".dockercfg")) {
            if (REQUIRED.getOrDefault(type, List.of()).contains(key) && data.containsKey(key)) {
                registryLogins(decoded(secret, data.get(key)), "data[" + key + "]", causes);
            }
        }
    }

    private static void registryLogins(byte[] json, String path, Causes causes) {
        try {
            Json.readObject(new String(json, StandardCharsets.UTF_8));
        } catch (KubeException e) {
            causes.invalid(path, "<secret contents redacted>", "it is no JSON object");
        }
    }

    static void checkSecretChange(KubeObject before, KubeObject after, Causes causes) {
        String type = after.doc().text("type");
        if (!type.equals(before.doc().text("type"))) {
            causes.invalid("type", type, "field is immutable");
        }
        if (before.doc().flag(false, "immutable")) {
            unchanged(before, after, "data", causes);
            staysImmutable(after, causes);
        }
    }

    private static void staysImmutable(KubeObject after, Causes causes) {
        if (!after.doc().flag(false, "immutable")) {
            causes.forbidden("immutable", IMMUTABLE);
        }
    }

    private static void unchanged(KubeObject before, KubeObject after, String field, Causes causes) {
        if (!before.doc().textMap(field).equals(after.doc().textMap(field))) {
            causes.forbidden(field, IMMUTABLE);
        }
    }

    /** The real server fails to read such an object at all, hence 400 and not 422. */
    private static byte[] decoded(KubeObject object, String base64) {
        // As Go, which passes over the ends of lines and over nothing else.
        String text = base64.replace("\n", "").replace("\r", "");
        int illegal = illegalAt(text);
        if (illegal >= 0) {
            throw new KubeException(Status.of(
                    Status.BAD_REQUEST,
                    400,
                    object.kind() + " in version \"" + object.apiVersion() + "\" cannot be handled as a "
                            + object.kind() + ": illegal base64 data at input byte " + illegal));
        }
        return Base64.getDecoder().decode(text);
    }

    /** Where the text stops being base64, or -1. */
    private static int illegalAt(String text) {
        int padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
        int end = text.length() - padding;
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            boolean letter = c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9';
            if (!letter && c != '+' && c != '/') {
                return i;
            }
        }
        return text.length() % 4 == 0 ? -1 : end / 4 * 4;
    }
}
