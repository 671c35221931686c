package io.skep.launcher.instance;

import io.skep.launcher.host.Durable;
import io.skep.launcher.host.LauncherException;
import io.skep.launcher.host.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A role as Karaf has installed it in an instance that was trained: the framework's bundles, and the settings Karaf's own
 * features brought. New instances begin as a copy, so that their first start is like any other: it takes a third of the
 * time, and the classes that only installing needs never come into the process.
 *
 * @param folder with {@code cache}, {@code etc} and the path of the distribution; absent until a training has ended well
 */
public record InstalledRole(Path folder) {

    private static final String CACHE = "cache";
    private static final String ETC = "etc";
    private static final String DISTRIBUTION = "distribution";
    private static final String FEATURES = "org.apache.karaf.features";

    public static InstalledRole of(Instance instance) {
        return new InstalledRole(
                instance.home().archives().resolve(instance.role().id() + ".installed"));
    }

    /** Keeps what is installed in an instance that has stopped, in place of what was kept. */
    public void keep(Instance trained) {
        discard();
        if (!trained.bundles().isInstalled()) {
            return;
        }
        Path fresh = folder.resolveSibling(folder.getFileName() + ".new");
        Trees.delete(fresh);
        try {
            Files.createDirectories(fresh);
            copy(trained.etc(), fresh.resolve(ETC), InstalledRole::isFeatureSetting);
            Files.writeString(fresh.resolve(DISTRIBUTION), distribution(trained));
            trained.bundles().forgetSettings();
            Files.move(trained.data().resolve(CACHE), fresh.resolve(CACHE));
            Durable.move(fresh, folder);
        } catch (IOException e) {
            throw new LauncherException("cannot keep what is installed in " + folder + ": " + e, e);
        }
    }

    public void discard() {
        Trees.delete(folder);
    }

    /**
     * Puts a copy into an instance in which nothing is installed yet; settings it has stay. One that was told to boot other
     * features is left to Karaf, and so is any after the distribution was moved, since bundles know where they came from.
     */
    public void into(Instance instance) {
        if (!Files.isDirectory(folder)
                || !instance.bundles().isEmpty()
                || !distribution(instance).equals(Instance.read(folder.resolve(DISTRIBUTION)))
                || !instance.settings(FEATURES).equals(bootFeatures())) {
            return;
        }
        Path cache = instance.data().resolve(CACHE);
        Path fresh = cache.resolveSibling(CACHE + ".new");
        Trees.delete(fresh);
        try {
            copy(
                    folder.resolve(ETC),
                    instance.etc(),
                    setting -> !Files.exists(
                            instance.etc().resolve(setting.getFileName().toString())));
            copy(folder.resolve(CACHE), fresh, file -> true);
            Files.setPosixFilePermissions(fresh, Files.getPosixFilePermissions(cache));
            Durable.move(fresh, cache);
        } catch (IOException e) {
            throw new LauncherException("cannot put the bundles of the role into " + cache + ": " + e, e);
        }
    }

    private static String distribution(Instance instance) {
        return instance.home().distribution().toString();
    }

    private Map<String, String> bootFeatures() {
        return new ConfigFile(folder.resolve(ETC).resolve(FEATURES + ".cfg")).all();
    }

    /** Karaf's; ours come from the templates, with what the role and the operator set. */
    private static boolean isFeatureSetting(Path file) {
        String name = file.getFileName().toString();
        return name.startsWith("org.apache.karaf.") && name.endsWith(".cfg");
    }

    private static void copy(Path from, Path to, Predicate<Path> which) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else if (which.test(file)) {
                    Files.copy(file, target);
                }
            }
        }
    }
}
