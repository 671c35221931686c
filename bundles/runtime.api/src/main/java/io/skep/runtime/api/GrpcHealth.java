package io.skep.runtime.api;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Asks a server in a container how it is by gRPC's health protocol, in plain text, as kubelet's {@code grpc} probes do. A
 * service of its own, so that whoever probes need not carry gRPC: it is offered by a bundle that has it anyway. Thread-safe.
 *
 * <p>Source: {@code grpc.health.v1.Health/Check} in the gRPC health checking protocol; Kubernetes {@code pkg/probe/grpc}.
 */
@ConsumerType
public interface GrpcHealth {

    /**
     * One question; blocks up to {@code timeout}, connecting included.
     *
     * @param server where it listens
     * @param service which of the server's services is asked about, {@code ""} for the server as a whole
     * @return why it is not {@code SERVING}, in kubelet's words; empty when it is
     * @throws ContainerException when it could not be asked, which says nothing of the server
     */
    Optional<String> trouble(InetSocketAddress server, String service, Duration timeout) throws ContainerException;
}
