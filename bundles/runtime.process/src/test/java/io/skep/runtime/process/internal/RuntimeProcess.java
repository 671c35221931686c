package io.skep.runtime.process.internal;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A JVM of its own with a runtime in it, for tests to kill; another user's if need be. */
final class RuntimeProcess {

    private RuntimeProcess() {}

    /** Starts a container that runs the script, and says its id; then waits to be killed. */
    public static void main(String[] words) throws Exception {
        Path folder = Path.of(words[0]);
        RuntimeUnderTest tested = new RuntimeUnderTest(folder.resolve("runtime"));
        Pods pods = new Pods(tested.runtime(), folder.resolve("logs"));
        String id = pods.start(MountsOf.config(words[1], List.of(words).subList(2, words.length)));
        Files.writeString(folder.resolve("id.new"), id);
        Files.move(folder.resolve("id.new"), folder.resolve("id"));
        new CountDownLatch(1).await();
    }

    /**
     * Runs {@link #main} and returns its process once it has started the container.
     *
     * @param prefix words before the java command
     * @param mounts pairs of host path and container path
     */
    static Process start(List<String> prefix, Path folder, String script, String... mounts) throws Exception {
        List<String> command = new ArrayList<>(prefix);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
        command.add(prefix.isEmpty() ? System.getProperty("java.class.path") : readableClassPath(folder));
        command.addAll(List.of(RuntimeProcess.class.getName(), folder.toString(), script));
        command.addAll(List.of(mounts));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("jvm").toFile())
                .start();
        long deadline = System.nanoTime() + Duration.ofSeconds(120).toNanos();
        while (!Files.exists(folder.resolve("id"))) {
            if (process.waitFor(20, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
                throw new AssertionError("no container: " + Files.readString(folder.resolve("jvm")));
            }
        }
        return process;
    }

    /** The class path copied to where another user may read it. */
    private static String readableClassPath(Path folder) throws Exception {
        Path copies = Files.createDirectory(folder.resolve("classpath"));
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path copy = copies.resolve(Integer.toString(entries.size()));
            new ProcessBuilder("cp", "-r", entry, copy.toString()).start().waitFor();
            entries.add(copy.toString());
        }
        new ProcessBuilder("chmod", "-R", "a+rX", copies.toString()).start().waitFor();
        return String.join(File.pathSeparator, entries);
    }
}
