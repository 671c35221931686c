package io.skep.bus.internal.swap;

import io.skep.bus.internal.host.Gate;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How modules are replaced.
 *
 * @param folder for what operations keep
 * @param gate how long a new module may take to be active, healthy and answering
 * @param remembered operations in the journal
 * @param snapshots operations whose former bundle is kept
 * @param maxBytes largest file taken
 * @param signers PEM file with the certificates of trusted signers; empty when no signature is asked for
 */
public record SwapSettings(
        Path folder, Gate gate, int remembered, int snapshots, long maxBytes, Optional<Path> signers) {

    private static final int REMEMBERED = 100;
    private static final int SNAPSHOTS = 20;
    private static final long MAX_BYTES = 64L << 20;

    /** The usual bounds: 100 operations, 20 former bundles, 64 MiB a file; no signature is asked for. */
    public SwapSettings(Path folder, Gate gate) {
        this(folder, gate, REMEMBERED, SNAPSHOTS, MAX_BYTES, Optional.empty());
    }

    /** The same, taking only what these have signed. */
    public SwapSettings withSigners(Optional<Path> trusted) {
        return new SwapSettings(folder, gate, remembered, snapshots, maxBytes, trusted);
    }
}
