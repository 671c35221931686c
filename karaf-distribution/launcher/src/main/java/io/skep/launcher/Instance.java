package io.skep.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * One instance: a folder with its own {@code etc}, {@code data} and {@code deploy}, run by one JVM from the shared
 * distribution (Karaf's {@code karaf.base}).
 *
 * @param home where it belongs
 * @param name its name and its folder's
 */
record Instance(Home home, String name) {

    Path folder() {
        return home.instances().resolve(name);
    }

    Path etc() {
        return folder().resolve("etc");
    }

    Path data() {
        return folder().resolve("data");
    }

    Path log() {
        return data().resolve("log").resolve("skep.log");
    }

    boolean exists() {
        return Files.isDirectory(etc());
    }

    Role role() {
        return Role.valueOf(read(folder().resolve("role")).strip().toUpperCase(Locale.ROOT));
    }

    /** Makes the folder from the distribution's templates, if it is not there yet. */
    void create(Role role) {
        if (exists()) {
            if (role() != role) {
                throw new LauncherException("instance '" + name + "' has the role " + role().id() + ", not " + role.id()
                        + "; choose another --name");
            }
            return;
        }
        try {
            Path fresh = home.instances().resolve("." + name + ".new");
            Files.createDirectories(fresh.resolve("data/tmp"));
            Files.createDirectories(fresh.resolve("data/log"));
            Files.createDirectories(fresh.resolve("deploy"));
            copy(home.distribution().resolve("etc"), fresh.resolve("etc"));
            copy(home.distribution().resolve("roles").resolve(role.id()), fresh.resolve("etc"));
            Files.writeString(fresh.resolve("role"), role.id() + "\n");
            writeUsers(fresh.resolve("etc/users.properties"));
            Files.setPosixFilePermissions(fresh.resolve("data"), PosixFilePermissions.fromString("rwx------"));
            Files.move(fresh, folder(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new LauncherException("cannot make " + folder() + ": " + e + "; is the folder writable?", e);
        }
    }

    /** One user for the shell and the console, with a password made here and known nowhere else. */
    private static void writeUsers(Path file) throws IOException {
        byte[] secret = new byte[18];
        new SecureRandom().nextBytes(secret);
        String password = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
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

    /** Sets keys of {@code etc/<pid>.cfg}, each given as {@code pid:key=value}; other keys stay. */
    void configure(List<String> settings) {
        for (String setting : settings) {
            int colon = setting.indexOf(':');
            int equal = setting.indexOf('=', colon);
            if (colon < 1 || equal < colon + 2) {
                throw new LauncherException("'" + setting + "' is no setting: write pid:key=value");
            }
            set(setting.substring(0, colon), setting.substring(colon + 1, equal), setting.substring(equal + 1));
        }
    }

    void set(String pid, String key, String value) {
        Path file = etc().resolve(pid + ".cfg");
        try {
            List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
            List<String> others = lines.stream()
                    .filter(l -> !l.strip().replaceAll("\\s*=.*", "").equals(key))
                    .toList();
            Path next = etc().resolve(pid + ".cfg.new");
            String text = String.join("\n", others) + (others.isEmpty() ? "" : "\n") + key + " = "
                    + value.replace("\\", "\\\\") + "\n";
            Files.writeString(next, text);
            if (key.contains("token")) {
                Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-------"));
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new LauncherException("cannot write " + file + ": " + e, e);
        }
    }

    /** The value of a key of {@code etc/<pid>.cfg}. */
    Optional<String> setting(String pid, String key) {
        Path file = etc().resolve(pid + ".cfg");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        Properties properties = new Properties();
        try (var in = Files.newBufferedReader(file)) {
            properties.load(in);
        } catch (IOException e) {
            throw new LauncherException("cannot read " + file + ": " + e, e);
        }
        return Optional.ofNullable(properties.getProperty(key));
    }

    /** Port of {@code /readyz} and {@code /metrics}. */
    int monitorPort() {
        return Integer.parseInt(
                setting("org.apache.felix.http", "org.osgi.service.http.port").orElse("8080"));
    }

    /** The process, if it runs. */
    Optional<ProcessHandle> process() {
        return PidFile.read(pidFile());
    }

    Path pidFile() {
        return folder().resolve("skep.pid");
    }

    /** Starts the JVM in the background; it outlives us. Does nothing if it runs already. */
    void start(Map<String, String> environment) {
        if (process().isPresent()) {
            return;
        }
        Jvm.of(this).start(environment);
    }

    /** Asks the process to end and waits; kills it when it does not within {@code limit}. */
    boolean stop(Duration limit) {
        Optional<ProcessHandle> process = process();
        process.ifPresent(p -> {
            p.destroy();
            if (!Waiting.until(limit, () -> !p.isAlive())) {
                p.destroyForcibly();
                Waiting.until(Duration.ofSeconds(5), () -> !p.isAlive());
            }
        });
        return process.isPresent();
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
