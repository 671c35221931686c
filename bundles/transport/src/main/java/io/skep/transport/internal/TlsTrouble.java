package io.skep.transport.internal;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** Turns what Java throws about certificates into one sentence an operator can act on. */
public final class TlsTrouble {

    /** A handshake that a dying peer broke off says nothing about certificates. */
    private static final Pattern BROKEN_OFF =
            Pattern.compile("terminated|closed|reset|broken pipe|internal_error|^$", Pattern.CASE_INSENSITIVE);

    private TlsTrouble() {}

    /** The sentence, or empty when {@code failure} is not about TLS. */
    public static Optional<String> explain(Throwable failure) {
        String said = "";
        boolean tls = false;
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof CertificateExpiredException) {
                return Optional.of("it has expired (" + t.getMessage() + ")");
            }
            if (t instanceof CertificateNotYetValidException) {
                return Optional.of("it is not valid yet (" + t.getMessage() + "); is the clock right?");
            }
            if (t instanceof CertPathValidatorException || t instanceof CertPathBuilderException) {
                said = "it was not signed by the expected certificate authority";
            }
            if (t instanceof CertificateException && said.isEmpty()) {
                said = String.valueOf(t.getMessage());
            }
            tls |= t instanceof SSLException || t instanceof CertificateException;
        }
        if (!said.isEmpty()) {
            return Optional.of(said);
        }
        return tls
                ? Optional.of(alert(failure))
                        .filter(text -> !BROKEN_OFF.matcher(text).find())
                : Optional.empty();
    }

    /** The peer's own verdict comes as a TLS alert; RFC 8446, section 6.2 names them. */
    private static String alert(Throwable failure) {
        String text = "";
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof SSLException && t.getMessage() != null) {
                text = t.getMessage();
            }
        }
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.contains("certificate_required")) {
            return "the peer asks for a client certificate and got none";
        }
        if (lower.contains("certificate_expired")) {
            return "the peer says our certificate has expired";
        }
        if (lower.contains("certificate_unknown")
                || lower.contains("bad_certificate")
                || lower.contains("unknown_ca")) {
            return "the peer does not accept our certificate (" + text + ")";
        }
        return text;
    }
}
