package io.skep.launcher.instance;

import io.skep.launcher.host.Durable;
import io.skep.launcher.host.LauncherException;
import io.skep.launcher.host.Trees;
import io.skep.launcher.host.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One instance: a folder with its own {@code etc}, {@code data} and, on a node, {@code deploy}, run by one JVM from the shared
 * distribution (Karaf's {@code karaf.base}).
 *
 * @param home where it belongs
 * @param name its name and its folder's
 */
public record Instance(Home home, String name) {

    // The folder above lets through whom a container runs as: the runtime's folders are there, too.
    private static final List<String> PRIVATE =
            List.of("cache", "edged", "edgehub", "generated-bundles", "kube", "log", "store", "tmp");

    private static final String DEPLOY = "org.apache.felix.fileinstall-deploy.cfg";

    public Path folder() {
        return home.instances().resolve(name);
    }

    public Path etc() {
        return folder().resolve("etc");
    }

    public Path data() {
        return folder().resolve("data");
    }

    public Path log() {
        return data().resolve("log").resolve("skep.log");
    }

    public boolean exists() {
        return Files.isDirectory(etc());
    }

    public Role role() {
        return Role.of(read(folder().resolve("role")).strip());
    }

    /** Makes the folder from the distribution's templates, if it is not there yet. */
    public void create(Role role) {
        if (exists()) {
            if (role() != role) {
                throw new LauncherException("instance '" + name + "' has the role " + role().id() + ", not " + role.id()
                        + "; choose another --name");
            }
            return;
        }
        try {
            Path fresh = home.instances().resolve("." + name + ".new");
            for (String inner : PRIVATE) {
                Files.createDirectories(fresh.resolve("data").resolve(inner));
                Files.setPosixFilePermissions(
                        fresh.resolve("data").resolve(inner), PosixFilePermissions.fromString("rwx------"));
            }
            copy(home.distribution().resolve("etc"), fresh.resolve("etc"));
            // Karaf watches the folder in every process; here only roles that say so.
            Files.deleteIfExists(fresh.resolve("etc").resolve(DEPLOY));
            overlay(home.distribution().resolve("roles").resolve(role.id()), fresh.resolve("etc"));
            if (Files.exists(fresh.resolve("etc").resolve(DEPLOY))) {
                Files.createDirectories(fresh.resolve("deploy"));
            }
            Files.writeString(fresh.resolve("role"), role.id() + "\n");
            writeUsers(fresh.resolve("etc/users.properties"));
            Files.setPosixFilePermissions(fresh.resolve("data"), PosixFilePermissions.fromString("rwx--x--x"));
            Durable.move(fresh, folder());
        } catch (IOException e) {
            throw new LauncherException("cannot make " + folder() + ": " + e + "; is the folder writable?", e);
        }
    }

    /** One user for the shell and the console, with a password made here and known nowhere else. */
    private static void writeUsers(Path file) throws IOException {
        byte[] secret = new byte[18];
        new SecureRandom().nextBytes(secret);
        String password = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        secret(
                file,
                "admin = " + password + ",_g_:admingroup\n"
                        + "_g_\\:admingroup = group,admin,manager,viewer,systembundles,ssh\n");
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    /**
     * What a role brings: files of ours are templates with every key in it, and the role sets some of them; other files
     * it replaces.
     */
    private static void overlay(Path role, Path etc) throws IOException {
        try (Stream<Path> files = Files.list(role)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = etc.resolve(file.getFileName().toString());
                if (Files.exists(target) && file.getFileName().toString().startsWith("io.skep.")) {
                    new ConfigFile(target).set(new ConfigFile(file).all());
                } else {
                    Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }

    /** Sets keys of {@code etc/<pid>.cfg}, each given as {@code pid:key=value}; other keys stay. */
    public void configure(List<String> settings) {
        settings.stream().map(Setting::parse).toList().forEach(s -> set(s.pid(), Map.of(s.key(), s.value())));
    }

    public void set(String pid, Map<String, String> values) {
        configuration(pid).set(values);
    }

    /** The value of a key of {@code etc/<pid>.cfg}. */
    public Optional<String> setting(String pid, String key) {
        return configuration(pid).get(key);
    }

    /** All keys of {@code etc/<pid>.cfg}. */
    Map<String, String> settings(String pid) {
        return configuration(pid).all();
    }

    private ConfigFile configuration(String pid) {
        return new ConfigFile(etc().resolve(pid + ".cfg"));
    }

    /** Writes a file of the instance's folder that only its owner can read, and returns its place. */
    public Path writeSecret(String file, String text) {
        Path path = folder().resolve(file);
        try {
            secret(path, text + "\n");
            return path;
        } catch (IOException e) {
            throw new LauncherException("cannot write " + path + ": " + e, e);
        }
    }

    /** Never readable to others, not even for a moment. */
    private static void secret(Path file, String text) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(next);
        Files.createFile(next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(next, text);
        Durable.move(next, file);
    }

    /** What the role opens as it is configured. */
    public List<Ports.Wanted> ports() {
        return Ports.of(role(), this::settings);
    }

    /** Port of {@code /readyz} and {@code /metrics}. */
    public int monitorPort() {
        return Ports.of(this, "org.apache.felix.http", "org.osgi.service.http.port");
    }

    /** The process, if it runs. */
    public Optional<ProcessHandle> process() {
        return PidFile.read(pidFile());
    }

    Path pidFile() {
        return folder().resolve("skep.pid");
    }

    /** Starts the JVM in the background; it outlives us. Does nothing if it runs already. */
    public void start(Map<String, String> environment) {
        if (process().isPresent()) {
            return;
        }
        if (held()) {
            throw new LauncherException("instance '" + name + "' runs already: another process holds "
                    + folder().resolve("lock") + ", though " + pidFile() + " does not name it; stop that one first");
        }
        BundleCache bundles = bundles();
        bundles.discardUnfinished();
        bundles.discardHalfUpdates();
        discardTemporaryFiles();
        Jvm.of(this).start(environment);
    }

    Path temporary() {
        return data().resolve("tmp");
    }

    /** A process that was killed leaves its own, and nobody else would ever take them away. What stays is told, no more. */
    void discardTemporaryFiles() {
        if (!Files.isDirectory(temporary())) {
            return;
        }
        try (Stream<Path> left = Files.list(temporary())) {
            left.forEach(Trees::delete);
        } catch (IOException | LauncherException e) {
            System.err.println("skep: not all of " + temporary() + " could be emptied: " + e.getMessage());
        }
    }

    BundleCache bundles() {
        return new BundleCache(data().resolve("cache"));
    }

    /** Whether a JVM runs on this folder, whatever the pid file says: Karaf locks a file there. */
    public boolean held() {
        Path file = folder().resolve("lock");
        if (!Files.exists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock == null;
        } catch (IOException e) {
            throw new LauncherException("cannot look at " + file + ": " + e, e);
        }
    }

    /** Asks the process to end and waits; kills it when it does not within {@code limit}. */
    public boolean stop(Duration limit) {
        Optional<ProcessHandle> process = process();
        process.ifPresent(p -> {
            p.destroy();
            if (!Waiting.until(limit, () -> !PidFile.runs(p))) {
                p.destroyForcibly();
                Waiting.until(Duration.ofSeconds(5), () -> !PidFile.runs(p));
            }
        });
        return process.isPresent();
    }

    public static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
