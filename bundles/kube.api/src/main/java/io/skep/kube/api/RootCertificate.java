package io.skep.kube.api;

/**
 * The certificate that verifies the API server's own: a service of whoever serves the API.
 *
 * <p>Source: Kubernetes keeps it for pods in each namespace's ConfigMap {@value #CONFIG_MAP} (KEP-1205).
 */
@FunctionalInterface
public interface RootCertificate {

    /** Name of the ConfigMap that each namespace has. */
    String CONFIG_MAP = "kube-root-ca.crt";

    /** Field of its data. */
    String FIELD = "ca.crt";

    /** In PEM, from {@code -----BEGIN} to the last line's end. */
    String pem();
}
