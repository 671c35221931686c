package io.skep.launcher.host;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What one launcher does at a time: a locked file in the folder of the instances. The kernel gives the lock back when its
 * process ends, however it does.
 */
public final class LauncherLock {

    private LauncherLock() {}

    /** Does it when it is our turn, and says {@code waiting} if that is not at once. */
    public static void inTurn(Path folder, String name, String waiting, Runnable work) {
        try (FileChannel channel = open(folder, name)) {
            if (channel.tryLock() == null) {
                System.err.println(waiting);
                channel.lock();
            }
            work.run();
        } catch (IOException e) {
            throw failed(folder, e);
        }
    }

    /**
     * Does it now.
     *
     * @throws LauncherException with {@code taken} when another launcher is at it
     */
    public static void alone(Path folder, String name, String taken, Runnable work) {
        try (FileChannel channel = open(folder, name)) {
            if (channel.tryLock() == null) {
                throw new LauncherException(taken);
            }
            work.run();
        } catch (IOException e) {
            throw failed(folder, e);
        }
    }

    private static FileChannel open(Path folder, String name) throws IOException {
        // A link to a folder is none to createDirectories of the older JDK 17s.
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
        }
        return FileChannel.open(folder.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static LauncherException failed(Path folder, IOException e) {
        return new LauncherException("cannot lock a file in " + folder + ": " + e + "; is the folder writable?", e);
    }
}
