package io.skep.kube.rest.internal.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the API's TLS needs, kept in one folder: a CA, the server's certificate, the administrator's certificate, token
 * and kubeconfig. Made when absent, made anew when their last third has begun or they no longer fit. Files can be read
 * by their owner only. One thread at a time.
 */
public final class Certificates {

    private static final Duration AUTHORITY_VALIDITY = Duration.ofDays(3650);
    private static final Duration LEAF_VALIDITY = Duration.ofDays(365);
    private static final String ADMIN_SUBJECT = "O=system:masters,CN=kubernetes-admin";
    private static final String STORE_TYPE = "PKCS12";
    private static final int SECRET_BYTES = 32;

    private final SecretFolder folder;
    private final Collection<String> names;
    private final String server;
    private final InstantSource clock;

    private volatile KeyedCertificate authority;
    private KeyedCertificate admin;

    /**
     * @param folder where they are kept; made if absent
     * @param names host names and addresses the server is reached by
     * @param server address for the kubeconfig, for example {@code https://127.0.0.1:6443}
     */
    public Certificates(Path folder, Collection<String> names, String server, InstantSource clock) {
        this.folder = new SecretFolder(folder);
        this.names = names.stream().map(HostNames::canonical).collect(Collectors.toCollection(TreeSet::new));
        this.server = server;
        this.clock = clock;
    }

    /**
     * Makes what is absent or too old.
     *
     * @return whether the server's certificate is another one than before
     * @throws UncheckedIOException when the folder can't be read or written
     */
    public boolean refresh() {
        try {
            folder.create();
            authority = authority();
            admin = leaf("admin", ADMIN_SUBJECT);
            boolean changed = serverStore();
            trustStore();
            folder.write("admin.kubeconfig", kubeconfig());
            adminToken();
            return changed;
        } catch (IOException e) {
            throw new UncheckedIOException("certificates can't be kept: folder=" + folder, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("certificates can't be made or read: folder=" + folder, e);
        }
    }

    /** The CA; after the first {@link #refresh}. */
    public X509Certificate authorityCertificate() {
        return authority.certificate();
    }

    /** The same in PEM. */
    public String authorityPem() {
        try {
            return Pem.of(authority.certificate());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the CA's certificate has no encoding", e);
        }
    }

    /** The token that makes its bearer administrator. */
    public String adminToken() throws UncheckedIOException {
        return secret("admin.token");
    }

    /** Key store of the server, PKCS12. */
    public Path keyStore() {
        return folder.path("apiserver.p12");
    }

    /** Trust store for client certificates, PKCS12. */
    public Path trustStorePath() {
        return folder.path("clients.p12");
    }

    /** Password of both stores. */
    public String storePassword() {
        return secret("stores.password");
    }

    /** The administrator's kubeconfig. */
    public Path kubeconfigPath() {
        return folder.path("admin.kubeconfig");
    }

    private KeyedCertificate authority() throws IOException, GeneralSecurityException {
        if (folder.has("ca.crt") && folder.has("ca.key")) {
            KeyedCertificate kept = read("ca");
            if (isFresh(kept.certificate())) {
                return kept;
            }
        }
        return keep("ca", new Issuer().authority("skep-kube-ca", clock.instant(), AUTHORITY_VALIDITY));
    }

    private KeyedCertificate leaf(String name, String subject) throws IOException, GeneralSecurityException {
        if (folder.has(name + ".crt") && folder.has(name + ".key")) {
            KeyedCertificate kept = read(name);
            if (isFresh(kept.certificate()) && isOurs(kept.certificate())) {
                return kept;
            }
        }
        return keep(name, new Issuer().client(authority, subject, clock.instant(), LEAF_VALIDITY));
    }

    private boolean serverStore() throws IOException, GeneralSecurityException {
        if (folder.has("apiserver.p12")) {
            X509Certificate kept = (X509Certificate) load(keyStore()).getCertificate("apiserver");
            if (kept != null && isFresh(kept) && isOurs(kept) && namesOf(kept).equals(names)) {
                return false;
            }
        }
        KeyedCertificate made = new Issuer().server(authority, names, clock.instant(), LEAF_VALIDITY);
        KeyStore store = empty();
        store.setKeyEntry(
                "apiserver", made.key(), password(), new Certificate[] {made.certificate(), authority.certificate()});
        save(store, "apiserver.p12");
        return true;
    }

    private void trustStore() throws IOException, GeneralSecurityException {
        if (folder.has("clients.p12")
                && authority.certificate().equals(load(trustStorePath()).getCertificate("ca"))) {
            return;
        }
        KeyStore store = empty();
        store.setCertificateEntry("ca", authority.certificate());
        save(store, "clients.p12");
    }

    private boolean isOurs(X509Certificate certificate) {
        try {
            certificate.verify(authority.certificate().getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private boolean isFresh(X509Certificate certificate) {
        Instant start = certificate.getNotBefore().toInstant();
        Instant end = certificate.getNotAfter().toInstant();
        Instant renewal = end.minus(Duration.between(start, end).dividedBy(3));
        Instant now = clock.instant();
        return now.isBefore(renewal) && !Date.from(now).before(certificate.getNotBefore());
    }

    private static Set<String> namesOf(X509Certificate certificate) throws GeneralSecurityException {
        Set<String> names = new TreeSet<>();
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives != null) {
            alternatives.forEach(entry -> names.add(String.valueOf(entry.get(1))));
        }
        return names;
    }

    private KeyedCertificate read(String name) throws IOException, GeneralSecurityException {
        return new KeyedCertificate(Pem.certificate(folder.read(name + ".crt")), Pem.key(folder.read(name + ".key")));
    }

    private KeyedCertificate keep(String name, KeyedCertificate made) throws IOException, GeneralSecurityException {
        folder.write(name + ".key", Pem.of(made.key()));
        folder.write(name + ".crt", Pem.of(made.certificate()));
        return made;
    }

    private String kubeconfig() throws GeneralSecurityException {
        return Kubeconfig.text(
                server, Pem.of(authority.certificate()), Pem.of(admin.certificate()), Pem.of(admin.key()));
    }

    private String secret(String name) {
        try {
            if (!folder.has(name)) {
                byte[] random = new byte[SECRET_BYTES];
                new SecureRandom().nextBytes(random);
                folder.write(name, HexFormat.of().formatHex(random));
            }
            return folder.read(name).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("secret can't be kept: file=" + folder.path(name), e);
        }
    }

    private char[] password() {
        return storePassword().toCharArray();
    }

    private KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(STORE_TYPE);
        store.load(null, null);
        return store;
    }

    private KeyStore load(Path path) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(STORE_TYPE);
        try (InputStream in = Files.newInputStream(path)) {
            store.load(in, password());
        }
        return store;
    }

    private void save(KeyStore store, String name) throws IOException, GeneralSecurityException {
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        try (OutputStream out = bytes) {
            store.store(out, password());
        }
        folder.write(name, bytes.toByteArray());
    }

    @Override
    public String toString() {
        return "Certificates[" + folder + "]";
    }
}
