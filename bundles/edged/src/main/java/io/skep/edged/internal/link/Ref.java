package io.skep.edged.internal.link;

/**
 * One ConfigMap or Secret a pod refers to.
 *
 * @param type the wire's type segment, {@code configmap} or {@code secret}
 */
public record Ref(String namespace, String type, String name) {

    public static Ref configMap(String namespace, String name) {
        return new Ref(namespace, "configmap", name);
    }

    public static Ref secret(String namespace, String name) {
        return new Ref(namespace, "secret", name);
    }

    /** The wire's resource string. */
    public String resource() {
        return namespace + "/" + type + "/" + name;
    }

    /** As kubelet's texts name it. */
    public String notFound() {
        return type + " \"" + name + "\" not found";
    }
}
