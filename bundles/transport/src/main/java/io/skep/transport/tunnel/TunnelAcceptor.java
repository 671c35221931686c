package io.skep.transport.tunnel;

import io.skep.transport.LinkAcceptor.Admission;
import io.skep.transport.LinkPeer;
import org.osgi.annotation.versioning.ConsumerType;

/** Decides which tunnels are let in. */
@ConsumerType
public interface TunnelAcceptor {

    /** Whether to let this peer in; must not wait. */
    Admission admit(LinkPeer peer);

    /** A tunnel that was let in is open; returns who hears it. */
    TunnelListener opened(LinkPeer peer, Tunnel tunnel);
}
