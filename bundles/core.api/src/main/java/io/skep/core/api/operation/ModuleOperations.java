package io.skep.core.api.operation;

import io.skep.core.api.operation.SwapOperation.Outcome;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Installs, upgrades, removes and rolls back modules while everything else runs. Thread-safe; no call blocks: the work is
 * done on threads of its own, and the stage ends with the operation once that has ended.
 * Never wait for it on a module's thread, which may be the one to be replaced.
 *
 * <p>No stage fails: what can't be done is an operation that ended {@link Outcome#REFUSED}, before anything was stopped, or
 * {@link Outcome#ROLLED_BACK}, with what was there before at work again. A second operation on a module while one is under
 * way is refused.
 */
@ProviderType
public interface ModuleOperations {

    /**
     * Replaces the bundle of a module. Messages sent meanwhile wait, and are given, in order, to the new one once it is
     * healthy, or else to the old one.
     *
     * @param module name of a module that is there
     * @param source a bundle, or an archive with the bundle and its libraries (KAR)
     * @param force also takes a version lower than the present one
     */
    CompletionStage<SwapOperation> upgrade(String module, PackageSource source, boolean force);

    /** As {@link #upgrade(String, PackageSource, boolean)} for a package whose checksum nobody told. */
    default CompletionStage<SwapOperation> upgrade(String module, String address, boolean force) {
        return upgrade(module, PackageSource.of(address), force);
    }

    /** Installs a package that brings a module of a new name. */
    CompletionStage<SwapOperation> install(PackageSource source);

    /** As {@link #install(PackageSource)} for a package whose checksum nobody told. */
    default CompletionStage<SwapOperation> install(String address) {
        return install(PackageSource.of(address));
    }

    /** Uninstalls the bundle of a module; its mailbox goes too, and what waited in it is counted as lost. */
    CompletionStage<SwapOperation> remove(String module);

    /** Undoes the last upgrade or removal of a module that succeeded. */
    CompletionStage<SwapOperation> rollback(String module);

    /** The operations that are remembered, newest first. May block on the disk. */
    List<SwapOperation> list();
}
