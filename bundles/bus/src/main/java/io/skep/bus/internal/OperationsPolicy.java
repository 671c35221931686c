package io.skep.bus.internal;

import java.nio.file.Path;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/** What the operator of this process allows to be put in the place of a module: {@link OperationsConfig}, checked. */
@Component(configurationPid = OperationsConfig.PID, service = OperationsPolicy.class)
@Designate(ocd = OperationsConfig.class)
public final class OperationsPolicy {

    private final Optional<Path> signers;
    private final boolean remote;

    /** Made by DS. */
    @Activate
    public OperationsPolicy(OperationsConfig config) {
        signers = Optional.of(config.trust_certificates().strip())
                .filter(f -> !f.isEmpty())
                .map(Path::of);
        remote = config.remote_enabled();
        if (signers.isPresent() && !signers.get().isAbsolute()) {
            throw new IllegalArgumentException(
                    "trust.certificates must be an absolute path, is " + config.trust_certificates());
        }
    }

    /** Whether the cloud may have modules of this node replaced. */
    public boolean remote() {
        return remote;
    }

    /** PEM file with the certificates of trusted signers; empty when no signature is asked for. */
    Optional<Path> signers() {
        return signers;
    }
}
