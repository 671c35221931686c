package io.skep.cloudhub.internal;

import io.skep.core.api.EdgeException;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import io.skep.kube.api.WriteOptions;
import io.skep.transport.tls.CertificateAuthority;
import io.skep.transport.tls.CertificateAuthority.Usage;
import io.skep.transport.tls.Der;
import io.skep.transport.tls.Identity;
import io.skep.transport.tls.JoinToken;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hub's keys, certificates and token, kept as secrets in namespace {@code kubeedge}, in KubeEdge's form: raw DER. What
 * is absent is made. Blocks on the store.
 *
 * <p>Source: KubeEdge v1.22 {@code cloud/pkg/cloudhub/servers/httpserver/pre_server.go}.
 */
final class HubSecrets {

    private static final Logger LOG = LoggerFactory.getLogger(HubSecrets.class);
    private static final String NAMESPACE = "kubeedge";

    private final ResourceStore store;
    private final InstantSource clock;

    HubSecrets(ResourceStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Reads the credentials, or makes them.
     *
     * @param names what the server certificate must be valid for; empty leaves the stored one as it is
     */
    Credentials load(List<String> names) {
        makeNamespace();
        CertificateAuthority authority = authority();
        return new Credentials(authority, server(authority, names));
    }

    private CertificateAuthority authority() {
        Optional<Map<String, byte[]>> stored = read("casecret");
        if (stored.isPresent()) {
            return CertificateAuthority.fromDer(
                    part(stored.get(), "casecret", "cadata"), part(stored.get(), "casecret", "cakeydata"));
        }
        CertificateAuthority made = CertificateAuthority.create(clock.instant());
        LOG.info("certificate authority created: secret={}/casecret", NAMESPACE);
        if (write("casecret", Map.of("cadata", made.certificateDer(), "cakeydata", made.keyDer()))) {
            return made;
        }
        return authority();
    }

    private Identity server(CertificateAuthority authority, List<String> names) {
        Optional<Identity> stored = read("cloudcoresecret")
                .map(data -> new Identity(
                        Der.privateKey(part(data, "cloudcoresecret", "cloudcorekeydata")),
                        List.of(Der.certificate(part(data, "cloudcoresecret", "cloudcoredata")))));
        if (stored.isPresent() && isUsable(stored.get().certificate(), authority, names)) {
            return stored.get();
        }
        Identity made = authority.issueServer(names.isEmpty() ? List.of("localhost") : names, clock.instant());
        replace(
                "cloudcoresecret",
                Map.of("cloudcoredata", Der.encode(made.certificate()), "cloudcorekeydata", Der.encode(made.key())));
        LOG.info("server certificate issued: names={}", names);
        return made;
    }

    private boolean isUsable(X509Certificate certificate, CertificateAuthority authority, List<String> names) {
        try {
            authority.verify(List.of(certificate), Usage.SERVER, clock.instant());
        } catch (EdgeException e) {
            LOG.info("server certificate is not usable: reason={}", e.getMessage());
            return false;
        }
        return alternativeNames(certificate).containsAll(names);
    }

    static Set<String> alternativeNames(X509Certificate certificate) {
        Set<String> names = new HashSet<>();
        try {
            if (certificate.getSubjectAlternativeNames() != null) {
                certificate.getSubjectAlternativeNames().forEach(n -> names.add(String.valueOf(n.get(1))));
            }
        } catch (CertificateParsingException e) {
            LOG.debug("no alternative names: {}", e.getMessage());
        }
        return names;
    }

    /** A new join token; it replaces the stored one. */
    JoinToken renewToken(CertificateAuthority authority, Duration validity) {
        Instant expires = clock.instant().plus(validity);
        JoinToken token = JoinToken.create(authority, expires);
        replace("tokensecret", Map.of("tokendata", token.text().getBytes(StandardCharsets.UTF_8)));
        return token;
    }

    private void makeNamespace() {
        KubeObject namespace = KubeObject.of(Map.of("metadata", Map.of("name", NAMESPACE)));
        try {
            store.create(Kinds.NAMESPACE, "", namespace, WriteOptions.NONE);
        } catch (KubeException e) {
            if (!Status.ALREADY_EXISTS.equals(e.reason())) {
                throw e;
            }
        }
    }

    private Optional<Map<String, byte[]>> read(String name) {
        try {
            Map<String, byte[]> data = new LinkedHashMap<>();
            store.get(key(name))
                    .doc()
                    .textMap("data")
                    .forEach((k, v) -> data.put(k, Base64.getDecoder().decode(v)));
            return Optional.of(data);
        } catch (KubeException e) {
            if (Status.NOT_FOUND.equals(e.reason())) {
                return Optional.empty();
            }
            throw e;
        } catch (IllegalArgumentException e) {
            throw broken(name, e);
        }
    }

    private static byte[] part(Map<String, byte[]> data, String secret, String key) {
        byte[] part = data.get(key);
        if (part == null) {
            throw broken(secret, new IllegalArgumentException("no " + key));
        }
        return part;
    }

    /** A secret that can't be read is an operator's to mend: a new authority would lock out all nodes. */
    private static EdgeException broken(String name, RuntimeException cause) {
        return new EdgeException(
                EdgeException.Reason.INVALID,
                "secret " + NAMESPACE + "/" + name + " cannot be read: " + cause.getMessage(),
                cause);
    }

    /** Creates; false when somebody else was faster. */
    private boolean write(String name, Map<String, byte[]> data) {
        try {
            store.create(Kinds.SECRET, NAMESPACE, secret(name, data), WriteOptions.NONE);
            return true;
        } catch (KubeException e) {
            if (Status.ALREADY_EXISTS.equals(e.reason())) {
                return false;
            }
            throw e;
        }
    }

    private void replace(String name, Map<String, byte[]> data) {
        if (!write(name, data)) {
            store.update(key(name), "", secret(name, data), WriteOptions.NONE);
        }
    }

    private static KubeObject secret(String name, Map<String, byte[]> data) {
        Map<String, Object> encoded = new LinkedHashMap<>();
        data.forEach((k, v) -> encoded.put(k, Base64.getEncoder().encodeToString(v)));
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("apiVersion", "v1");
        tree.put("kind", "Secret");
        tree.put("metadata", Map.of("name", name, "namespace", NAMESPACE));
        tree.put("type", "Opaque");
        tree.put("data", encoded);
        return KubeObject.of(tree);
    }

    private static ObjectKey key(String name) {
        return new ObjectKey(Kinds.SECRET, NAMESPACE, name);
    }
}
