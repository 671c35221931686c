package io.skep.transport.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.transport.LinkTarget;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.eclipse.jetty.websocket.core.exception.UpgradeException;

/** Says in one sentence why a link could not be opened. */
final class Refusals {

    private static final Pattern CUT =
            Pattern.compile("reset|broken pipe|closed by peer|terminated", Pattern.CASE_INSENSITIVE);

    private Refusals() {}

    /** @param said the peer's own reason, or {@code ""} */
    static EdgeException explain(LinkTarget target, Throwable failure, String said) {
        String peer = target.uri().getHost() + ":" + target.uri().getPort();
        int status = status(failure);
        if (status >= 300) {
            Reason reason = status < 500 ? Reason.FORBIDDEN : Reason.SERVICE_UNAVAILABLE;
            String why = said.isEmpty() ? "" : ": " + said;
            return new EdgeException(reason, peer + " refused the link with status " + status + why, failure);
        }
        if (has(failure, UnknownHostException.class) || has(failure, UnresolvedAddressException.class)) {
            return new EdgeException(
                    Reason.SERVICE_UNAVAILABLE, "the host name " + target.uri().getHost() + " is unknown", failure);
        }
        if (has(failure, ConnectException.class)
                || has(failure, SocketTimeoutException.class)
                || has(failure, NoRouteToHostException.class)) {
            return new EdgeException(Reason.SERVICE_UNAVAILABLE, "nobody answers at " + peer, failure);
        }
        Optional<String> tls = TlsTrouble.explain(failure);
        if (tls.isPresent()) {
            return new EdgeException(
                    Reason.UNAUTHORIZED, "certificate trouble with " + peer + ": " + tls.get(), failure);
        }
        if (has(failure, TimeoutException.class)) {
            return new EdgeException(Reason.TIMEOUT, peer + " did not answer in time", failure);
        }
        return new EdgeException(
                Reason.SERVICE_UNAVAILABLE,
                isCut(failure)
                        ? peer + " closed the connection before the link was open"
                        : "no link to " + peer + ": " + root(failure),
                failure);
    }

    private static boolean isCut(Throwable failure) {
        String said = Objects.requireNonNullElse(root(failure).getMessage(), "");
        return has(failure, EOFException.class)
                || has(failure, ClosedChannelException.class)
                || CUT.matcher(said).find();
    }

    private static int status(Throwable failure) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof UpgradeException upgrade && upgrade.getResponseStatusCode() > 0) {
                return upgrade.getResponseStatusCode();
            }
        }
        return 0;
    }

    private static boolean has(Throwable failure, Class<? extends Throwable> kind) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (kind.isInstance(t)) {
                return true;
            }
        }
        return false;
    }

    private static Throwable root(Throwable failure) {
        Throwable t = failure;
        while (t.getCause() != null) {
            t = t.getCause();
        }
        return t;
    }
}
