package io.skep.bus.internal.swap;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/**
 * Whether a jar is signed, all of it, by somebody the operator trusts (JAR File Specification, "Signed JAR File"). The file
 * with the trusted certificates is read at each check, so that a changed one holds at once; one that can't be read trusts
 * nobody. Blocks on the disk. Revocation is not looked up: a node has no line to ask.
 */
final class TrustedSigners {

    private static final String CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
    private static final String ANY_USAGE = "2.5.29.37.0";
    private static final Set<String> SIGNATURE_SUFFIXES = Set.of(".SF", ".RSA", ".DSA", ".EC");

    private final Optional<Path> certificates;
    private final InstantSource clock;

    /** @param certificates PEM file with those that signers must be or chain to; empty when no signature is asked for */
    TrustedSigners(Optional<Path> certificates, InstantSource clock) {
        this.certificates = certificates;
        this.clock = clock;
    }

    /** Whether a signature is asked for. */
    boolean areRequired() {
        return certificates.isPresent();
    }

    /** When the file of trusted certificates was changed last, in milliseconds of the epoch; 0 when there is none. */
    long changed() {
        return certificates.map(file -> file.toFile().lastModified()).orElse(0L);
    }

    /**
     * Checks a jar, if a signature is asked for.
     *
     * @param label its bundle as operators see it
     * @throws EdgeException {@code FORBIDDEN} with one sentence when nobody trusted has signed all of it
     */
    void check(Path file, String label) {
        if (certificates.isEmpty()) {
            return;
        }
        Set<X509Certificate> trusted = trusted(certificates.get());
        Set<CodeSigner> signers = signersOfAll(file, label);
        List<String> reasons = new ArrayList<>();
        for (CodeSigner signer : signers) {
            Optional<String> reason = distrust(signer.getSignerCertPath(), trusted);
            if (reason.isEmpty()) {
                return;
            }
            reasons.add(reason.get());
        }
        throw forbidden(label + " is signed by " + String.join("; and by ", reasons));
    }

    private static Set<X509Certificate> trusted(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .collect(Collectors.toSet());
        } catch (IOException | CertificateException e) {
            throw new EdgeException(
                    Reason.FORBIDDEN,
                    "nothing can be taken: the certificates of trusted signers can't be read from " + file + ": "
                            + e.getMessage(),
                    e);
        }
    }

    /** Who has signed every entry; a jar that several have signed in parts is signed by nobody. */
    private static Set<CodeSigner> signersOfAll(Path file, String label) {
        Set<CodeSigner> common = null;
        try (JarFile jar = new JarFile(file.toFile(), true)) {
            for (JarEntry entry : Collections.list(jar.entries())) {
                if (entry.isDirectory() || isOfTheSignature(entry.getName())) {
                    continue;
                }
                try (InputStream in = jar.getInputStream(entry)) {
                    in.transferTo(OutputStream.nullOutputStream()); // signers are known once it is read to its end
                }
                Set<CodeSigner> its = signers(entry);
                if (its.isEmpty()) {
                    throw forbidden(
                            common == null
                                    ? label
                                            + " is not signed, and this node takes only what a trusted signer has signed"
                                    : "the entry " + entry.getName() + " of " + label + " is not signed");
                }
                if (common == null) {
                    common = its;
                } else {
                    common.retainAll(its);
                }
            }
        } catch (SecurityException e) {
            throw new EdgeException(Reason.FORBIDDEN, label + " is not what was signed: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new EdgeException(Reason.INVALID, label + " can't be read: " + e.getMessage(), e);
        }
        if (common == null || common.isEmpty()) {
            throw forbidden("no signer has signed all of " + label);
        }
        return common;
    }

    private static Set<CodeSigner> signers(JarEntry entry) {
        CodeSigner[] signers = entry.getCodeSigners();
        return signers == null ? Set.of() : new HashSet<>(List.of(signers));
    }

    private static boolean isOfTheSignature(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        if (!upper.startsWith("META-INF/") || upper.indexOf('/', "META-INF/".length()) >= 0) {
            return false;
        }
        return upper.equals(JarFile.MANIFEST_NAME)
                || SIGNATURE_SUFFIXES.stream().anyMatch(upper::endsWith);
    }

    /** Why a signer is not trusted; empty when he is. */
    private Optional<String> distrust(CertPath path, Set<X509Certificate> trusted) {
        List<X509Certificate> chain =
                path.getCertificates().stream().map(X509Certificate.class::cast).toList();
        X509Certificate signer = chain.get(0);
        String name = signer.getSubjectX500Principal().getName();
        Date now = Date.from(clock.instant());
        try {
            Optional<X509Certificate> outdated = chain.stream()
                    .filter(c -> now.after(c.getNotAfter()) || now.before(c.getNotBefore()))
                    .findFirst();
            if (outdated.isPresent()) {
                return Optional.of(name + ", whose certificate holds only from "
                        + outdated.get().getNotBefore().toInstant() + " to "
                        + outdated.get().getNotAfter().toInstant());
            }
            if (!maySignCode(signer)) {
                return Optional.of(name + ", whose certificate is not for signing code");
            }
            if (trusted.isEmpty() || !chains(chain, trusted, now)) {
                return Optional.of(name + ", whom no certificate in " + certificates.orElseThrow() + " vouches for");
            }
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            return Optional.of(name + ", whose certificate can't be checked: " + e.getMessage());
        }
    }

    private static boolean maySignCode(X509Certificate signer) throws GeneralSecurityException {
        List<String> usages = signer.getExtendedKeyUsage();
        boolean[] keyUsage = signer.getKeyUsage();
        return (usages == null || usages.contains(CODE_SIGNING) || usages.contains(ANY_USAGE))
                && (keyUsage == null || keyUsage[0]);
    }

    private static boolean chains(List<X509Certificate> chain, Set<X509Certificate> trusted, Date now)
            throws GeneralSecurityException {
        if (trusted.contains(chain.get(0))) {
            return true;
        }
        // An anchor is not part of the path that is checked against it.
        List<? extends Certificate> below =
                chain.stream().takeWhile(c -> !trusted.contains(c)).toList();
        PKIXParameters parameters = new PKIXParameters(
                trusted.stream().map(c -> new TrustAnchor(c, null)).collect(Collectors.toSet()));
        parameters.setRevocationEnabled(false);
        parameters.setDate(now);
        CertPath path = CertificateFactory.getInstance("X.509").generateCertPath(below);
        try {
            CertPathValidator.getInstance("PKIX").validate(path, parameters);
            return true;
        } catch (CertPathValidatorException e) {
            if (e.getReason() == BasicReason.EXPIRED || e.getReason() == BasicReason.NOT_YET_VALID) {
                throw e;
            }
            return false;
        }
    }

    private static EdgeException forbidden(String why) {
        return new EdgeException(Reason.FORBIDDEN, why);
    }
}
