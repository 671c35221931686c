package io.skep.edged.internal.volume;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The way to the node's mounts. Called on workers; blocks for a bounded time. */
interface Mounter {

    /** Why this process can mount nothing; empty when it can. */
    Optional<String> unable();

    /** What is mounted now. */
    MountTable table() throws IOException;

    /**
     * Mounts a file system in memory over a folder, writable for all.
     *
     * @param bytes what fits in, or 0 for what the kernel gives
     * @throws IOException with the reason in words
     */
    void tmpfs(Path folder, long bytes) throws IOException;

    /**
     * Takes what was mounted last off a folder.
     *
     * @throws IOException with the reason in words, when somebody still uses it for one
     */
    void unmount(Path folder) throws IOException;
}
