package io.skep.transport;

import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/** Decides who may open a link, and takes it. Called on transport threads, for several peers at once; must not wait long. */
@ConsumerType
public interface LinkAcceptor {

    /**
     * What a peer that asks for a link is told.
     *
     * @param status 101 lets it in; else an HTTP status from 400 to 599
     * @param reason why not, shown to the peer; {@code ""} when let in
     * @param headers sent along with the answer
     */
    record Admission(int status, String reason, Map<String, String> headers) {

        public Admission {
            headers = Map.copyOf(headers);
        }

        /** Lets it in and sends {@code headers} along. */
        public static Admission accept(Map<String, String> headers) {
            return new Admission(101, "", headers);
        }

        /** Refuses it. */
        public static Admission refuse(int status, String reason) {
            return new Admission(status, reason, Map.of());
        }

        /** Whether the peer is let in. */
        public boolean accepted() {
            return status == 101;
        }
    }

    /** Judges a peer before the link is there. Its certificates are already verified by TLS. */
    Admission admit(LinkPeer peer);

    /**
     * A link is there: a new one, or one that outlived the predecessor (told apart by {@link Link#opened}).
     *
     * @return who takes what arrives on it
     */
    LinkListener opened(Link link);
}
