package io.skep.runtime.cri.internal;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real containerd of our own: root, state, socket and networks in one folder, ended by its pid. The images are made here;
 * nothing is fetched.
 */
public final class Containerd {

    /** An image of a static busybox, whose container sleeps unless told otherwise. */
    public static final String IMAGE = "docker.io/skep/busybox:1";

    private static final String PAUSE = "docker.io/skep/pause:1";
    /** Tests that run beside each other have a bridge and a network each. */
    private static final int FORK = Integer.getInteger("skep.tests.fork", 1);

    private static final Path CNI_BIN = Path.of("/usr/lib/cni");
    private static final Path BUSYBOX = Path.of("/bin/busybox");

    private final Path folder;
    private Process process;

    private Containerd(Path folder) {
        this.folder = folder;
    }

    /** Skips the test, with the reason, where there can be no containerd. */
    public static Containerd start(Path folder) throws IOException, InterruptedException {
        assumeTrue("root".equals(System.getProperty("user.name")), "containers need root");
        for (String program : List.of("containerd", "runc", "ctr")) {
            assumeTrue(there(program), program + " is not installed: apt-get install containerd runc");
        }
        assumeTrue(Files.isExecutable(BUSYBOX), "no static busybox: apt-get install busybox-static");
        assumeTrue(
                Files.isExecutable(CNI_BIN.resolve("bridge")),
                "no CNI plug-ins: apt-get install containernetworking-plugins");
        Containerd containerd = new Containerd(Files.createDirectories(folder).toRealPath());
        containerd.configure();
        containerd.run();
        containerd.importAs(IMAGE, "");
        containerd.importAs(PAUSE, "");
        return containerd;
    }

    /** Where it listens. */
    public Path socket() {
        return folder.resolve("c.sock");
    }

    /** Ends the engine, not its containers. */
    public void stop() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** It takes calls and answers none, until {@link #thaw}. */
    void freeze() throws Exception {
        signal("-STOP");
    }

    void thaw() throws Exception {
        signal("-CONT");
    }

    private void signal(String signal) throws Exception {
        new ProcessBuilder("kill", signal, Long.toString(process.pid())).start().waitFor();
    }

    /** Starts it, again too, and waits until it answers. */
    void run() throws IOException, InterruptedException {
        process = new ProcessBuilder(
                        "containerd", "--config", folder.resolve("config.toml").toString())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
        for (int tries = 0; tries < 100; tries++) {
            if (ctr("version").waitFor() == 0) {
                return;
            }
            process.waitFor(100, TimeUnit.MILLISECONDS);
        }
        throw new IOException("containerd does not answer, see " + folder.resolve("log"));
    }

    private void configure() throws IOException {
        Files.createDirectories(folder.resolve("cni"));
        Files.writeString(folder.resolve("config.toml"), """
                version = 2
                root = "%1$s/root"
                state = "%1$s/state"
                [grpc]
                  address = "%1$s/c.sock"
                [plugins."io.containerd.grpc.v1.cri"]
                  sandbox_image = "%2$s"
                  disable_apparmor = true
                  restrict_oom_score_adj = true
                  stream_server_address = "127.0.0.1"
                  [plugins."io.containerd.grpc.v1.cri".cni]
                    bin_dir = "%3$s"
                    conf_dir = "%1$s/cni"
                  [plugins."io.containerd.grpc.v1.cri".containerd]
                    snapshotter = "%4$s"
                [plugins."io.containerd.internal.v1.opt"]
                  path = "%1$s/opt"
                """.formatted(folder, PAUSE, CNI_BIN, snapshotter()));
        Files.writeString(folder.resolve("cni").resolve("10-bridge.conflist"), """
                {"cniVersion": "0.4.0", "name": "skeptest", "plugins": [
                  {"type": "bridge", "bridge": "skept%1$d", "isGateway": true, "ipMasq": false,
                   "ipam": {"type": "host-local", "dataDir": "%2$s/ipam", "ranges": [[{"subnet": "10.21%1$d.0.0/24"}]]}}]}
                """.formatted(FORK, folder));
    }

    /** The plain copying one: it needs nothing of the kernel or of the file system below us. */
    private static String snapshotter() {
        return "native";
    }

    /** An image that is like no other. */
    void importOther(String name) throws IOException, InterruptedException {
        importImage(name, Files.writeString(folder.resolve("other"), name), "");
    }

    /** An image whose containers run as this user. */
    void importAs(String name, String user) throws IOException, InterruptedException {
        importImage(name, BUSYBOX, user);
    }

    private void importImage(String name, Path content, String user) throws IOException, InterruptedException {
        Path archive = folder.resolve("image.tar");
        OciArchive.write(archive, content, name, user);
        Process run = ctr("-n", "k8s.io", "images", "import", archive.toString());
        if (run.waitFor() != 0) {
            throw new IOException("import of " + name + " failed: "
                    + new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private Process ctr(String... args) throws IOException {
        List<String> command = Stream.concat(Stream.of("ctr", "-a", socket().toString()), Stream.of(args))
                .toList();
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static boolean there(String program) {
        return Stream.of("/usr/bin", "/usr/sbin", "/usr/local/bin", "/bin", "/sbin")
                .map(folder -> Path.of(folder, program))
                .anyMatch(Files::isExecutable);
    }
}
