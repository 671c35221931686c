package io.skep.launcher.instance;

import io.skep.launcher.host.LauncherException;
import io.skep.launcher.host.UsageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where things are: the unpacked distribution, read only, and the folder that holds the instances.
 *
 * @param distribution the unpacked archive
 * @param instances one folder an instance
 */
public record Home(Path distribution, Path instances) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    /** As the script tells by {@code -Dskep.home} and {@code -Dskep.data}. */
    public static Home fromSystem() {
        String home = System.getProperty("skep.home");
        String data = System.getProperty("skep.data");
        if (home == null || data == null) {
            throw new LauncherException("start me by the skep script: skep.home and skep.data are not set");
        }
        return new Home(Path.of(home).toAbsolutePath(), Path.of(data).toAbsolutePath());
    }

    /** Where the class-data archives of this distribution are, and the roles as installed; one place for all instances. */
    public Path archives() {
        return switch (instances.getFileName().toString()) {
            case ".archive" -> instances;
            case ".bench" -> instances.resolveSibling(".archive");
            default -> instances.resolve(".archive");
        };
    }

    public Instance instance(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new UsageException(
                    "'" + name + "' is no instance name: use lower case letters, digits and '-', at most 63");
        }
        return new Instance(this, name);
    }

    /** The role of this name, or of the instance of this name. */
    public Role role(String text) {
        if (NAME.matcher(text).matches() && instance(text).exists()) {
            return instance(text).role();
        }
        return Role.of(text);
    }

    /** All instances there are, running or not. */
    public List<Instance> all() {
        if (!Files.isDirectory(instances)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(instances)) {
            return folders.filter(f -> Files.isDirectory(f.resolve("etc")))
                    .filter(f -> NAME.matcher(f.getFileName().toString()).matches())
                    .map(f -> instance(f.getFileName().toString()))
                    .sorted((a, b) -> a.name().compareTo(b.name()))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The instance a verb means when none is named: the only one there is of these, in this order. */
    public Instance pick(String name, String... preferred) {
        if (name != null) {
            Instance named = instance(name);
            if (!named.exists()) {
                throw new LauncherException("there is no instance '" + name + "' below " + instances
                        + "; 'skep status' lists those there are");
            }
            return named;
        }
        for (String candidate : preferred) {
            Instance instance = instance(candidate);
            if (instance.exists()) {
                return instance;
            }
        }
        throw new LauncherException("there is no instance yet below " + instances + "; 'skep up' makes one");
    }

    /** The ports a fresh instance of a role would open. */
    public List<Ports.Wanted> ports(Role role) {
        Path overlay = distribution.resolve("roles").resolve(role.id());
        return Ports.of(role, pid -> new ConfigFile(overlay.resolve(pid + ".cfg")).all());
    }

    /** The version of the distribution. */
    public String version() {
        Properties properties = new Properties();
        try (var in = Home.class.getResourceAsStream("/META-INF/maven/io.skep/launcher/pom.properties")) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "unknown");
    }
}
