package io.skep.kube.embedded.internal;

import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import io.skep.kube.api.Times;
import io.skep.kube.api.WriteOptions;
import io.skep.kube.embedded.internal.storage.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Signs tokens for service accounts: a JWT, ES256 (RFC 7515, RFC 7518), with the claims Kubernetes gives its bound tokens.
 * The key is made once and kept in the secret {@code kube-system/service-account-key}.
 *
 * <p>Source: Kubernetes {@code pkg/serviceaccount/claims.go}, {@code pkg/registry/core/serviceaccount/storage/token.go}.
 */
final class ServiceAccountTokens {

    private static final String ISSUER = "https://kubernetes.default.svc";
    private static final long DEFAULT_SECONDS = 3600;
    private static final long LEAST_SECONDS = 600;
    private static final long MOST_SECONDS = 1L << 32;
    private static final ObjectKey KEY = new ObjectKey(Kinds.SECRET, "kube-system", "service-account-key");

    private final ResourceStore store;
    private final InstantSource clock;

    ServiceAccountTokens(ResourceStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Answers a {@code TokenRequest}. */
    KubeObject create(ObjectKey account, KubeObject request) {
        KubeObject holder = store.get(account);
        Doc spec = request.doc().object("spec");
        long seconds = spec.number(DEFAULT_SECONDS, "expirationSeconds");
        if (seconds < LEAST_SECONDS || seconds > MOST_SECONDS) {
            String why = seconds < LEAST_SECONDS
                    ? "may not specify a duration less than 10 minutes"
                    : "may not specify a duration larger than 2^32 seconds";
            throw new KubeException(Status.invalid(
                    Kinds.SERVICE_ACCOUNT,
                    account.name(),
                    List.of(new Status.Cause(
                            "FieldValueInvalid", "spec.expirationSeconds", "Invalid value: " + seconds + ": " + why))));
        }
        List<String> audiences = spec.texts("audiences").isEmpty() ? List.of(ISSUER) : spec.texts("audiences");
        Instant now = clock.instant();
        Instant end = now.plusSeconds(seconds);
        String token = sign(claims(holder, spec.object("boundObjectRef"), audiences, now, end));
        return request.with("TokenRequest", "kind")
                .with("authentication.k8s.io/v1", "apiVersion")
                .with(account.name(), "metadata", "name")
                .with(account.namespace(), "metadata", "namespace")
                .with(Times.format(now), "metadata", "creationTimestamp")
                .with(audiences, "spec", "audiences")
                .with(seconds, "spec", "expirationSeconds")
                .with(Map.of("token", token, "expirationTimestamp", Times.format(end)), "status");
    }

    private Map<String, Object> claims(
            KubeObject account, Doc boundTo, List<String> audiences, Instant now, Instant end) {
        Map<String, Object> kubernetes = new LinkedHashMap<>();
        kubernetes.put("namespace", account.namespace());
        if ("Pod".equals(boundTo.text("kind"))) {
            kubernetes.put("pod", named(pod(account.namespace(), boundTo)));
        }
        kubernetes.put("serviceaccount", named(account));
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("aud", audiences);
        claims.put("exp", end.getEpochSecond());
        claims.put("iat", now.getEpochSecond());
        claims.put("iss", ISSUER);
        claims.put("jti", UUID.randomUUID().toString());
        claims.put("kubernetes.io", kubernetes);
        claims.put("nbf", now.getEpochSecond());
        claims.put("sub", "system:serviceaccount:" + account.namespace() + ":" + account.name());
        return claims;
    }

    private KubeObject pod(String namespace, Doc reference) {
        KubeObject pod = store.get(new ObjectKey(Kinds.POD, namespace, reference.text("name")));
        String uid = reference.text("uid");
        if (!uid.isEmpty() && !uid.equals(pod.uid())) {
            throw new KubeException(
                    Status.conflict(
                            Kinds.POD,
                            pod.name(),
                            "the UID in the bound object reference (" + uid
                                    + ") does not match the UID in record. The object might have been deleted and then recreated"));
        }
        return pod;
    }

    private static Map<String, Object> named(KubeObject object) {
        Map<String, Object> named = new LinkedHashMap<>();
        named.put("name", object.name());
        named.put("uid", object.uid());
        return named;
    }

    private String sign(Map<String, Object> claims) {
        Doc key = signingKey().doc();
        try {
            byte[] der = Base64.getDecoder().decode(key.text("data", "key"));
            PrivateKey signer = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
            Map<String, Object> header = new LinkedHashMap<>();
            header.put("alg", "ES256");
            header.put("kid", keyId(Base64.getDecoder().decode(key.text("data", "pub"))));
            String signed = encode(Json.write(header).getBytes(StandardCharsets.UTF_8)) + "."
                    + encode(Json.write(claims).getBytes(StandardCharsets.UTF_8));
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(signer);
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return signed + "." + encode(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new KubeException(
                    Status.of(Status.INTERNAL_ERROR, 500, "cannot sign with the key in " + KEY + ": " + e.getMessage()),
                    e);
        }
    }

    private static String keyId(byte[] publicKey) throws GeneralSecurityException {
        return encode(MessageDigest.getInstance("SHA-256").digest(publicKey));
    }

    private KubeObject signingKey() {
        try {
            return store.get(KEY);
        } catch (KubeException e) {
            if (!e.reason().equals(Status.NOT_FOUND)) {
                throw e;
            }
        }
        try {
            return store.create(Kinds.SECRET, KEY.namespace(), newKey(), WriteOptions.NONE);
        } catch (KubeException e) {
            if (e.reason().equals(Status.ALREADY_EXISTS)) {
                return store.get(KEY);
            }
            throw e;
        }
    }

    private static KubeObject newKey() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            return KubeObject.of(Map.of(
                    "metadata",
                    Map.of("name", KEY.name()),
                    "data",
                    Map.of(
                            "key",
                                    Base64.getEncoder()
                                            .encodeToString(pair.getPrivate().getEncoded()),
                            "pub",
                                    Base64.getEncoder()
                                            .encodeToString(pair.getPublic().getEncoded()))));
        } catch (GeneralSecurityException e) {
            throw new KubeException(
                    Status.of(Status.INTERNAL_ERROR, 500, "cannot make a signing key: " + e.getMessage()), e);
        }
    }

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
