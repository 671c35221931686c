package io.skep.bus.internal.host;

import io.skep.core.api.EdgeException;

/** Where modules can be replaced under supervision. Thread-safe. */
public interface SwapHost {

    /**
     * Begins to replace a module: from now on what its instance leaves is kept, and a successor gets no message until
     * {@link ModuleSwap#flow}, which every caller owes.
     *
     * @throws EdgeException {@code NOT_FOUND} for an unknown module, {@code CONFLICT} when it is being replaced already
     */
    ModuleSwap beginSwap(String module);

    /**
     * Notes that others have uninstalled a module's bundle: what waits for it is kept for a while for a successor of its
     * name, then dropped and counted.
     */
    void departed(String module);
}
