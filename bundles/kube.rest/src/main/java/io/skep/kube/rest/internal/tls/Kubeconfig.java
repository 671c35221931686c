package io.skep.kube.rest.internal.tls;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** A kubeconfig with all it needs inside. */
final class Kubeconfig {

    private Kubeconfig() {}

    /** @param server address, the other three as PEM */
    static String text(String server, String authority, String certificate, String key) {
        return """
                apiVersion: v1
                kind: Config
                clusters:
                - name: skep
                  cluster:
                    server: %s
                    certificate-authority-data: %s
                contexts:
                - name: skep
                  context:
                    cluster: skep
                    user: kubernetes-admin
                current-context: skep
                users:
                - name: kubernetes-admin
                  user:
                    client-certificate-data: %s
                    client-key-data: %s
                """.formatted(server, base64(authority), base64(certificate), base64(key));
    }

    private static String base64(String pem) {
        return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
    }
}
