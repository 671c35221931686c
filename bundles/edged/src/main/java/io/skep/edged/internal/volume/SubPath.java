package io.skep.edged.internal.volume;

import io.skep.edged.internal.spec.ConfigException;
import io.skep.edged.internal.spec.Expansion;
import io.skep.kube.api.Doc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The part of a volume that a mount shows. */
final class SubPath {

    private static final int MODE = 07777;

    private SubPath() {}

    /** The part a mount names; {@code ""} for the whole volume. */
    static String of(Doc mount, Map<String, String> variables) throws ConfigException {
        return mount.has("subPathExpr") ? expanded(mount.text("subPathExpr"), variables) : mount.text("subPath");
    }

    /** A variable that is empty, or that there is none of, would show the container more of the volume than is meant for it. */
    private static String expanded(String expression, Map<String, String> variables) throws ConfigException {
        Set<String> missing = new TreeSet<>();
        String sub = Expansion.expand(expression, name -> {
            String value = variables.getOrDefault(name, "");
            if (value.isEmpty()) {
                missing.add(name);
            }
            return value;
        });
        if (!missing.isEmpty()) {
            throw new ConfigException(
                    "subPathExpr \"" + expression + "\": missing value for " + String.join(", ", missing));
        }
        return sub;
    }

    /** The place of a part, made where it is missing; it stays inside its volume, whatever links lie in it. */
    static Path inside(Path volume, String sub) throws ConfigException, IOException {
        Path path = volume;
        Path root = volume.toRealPath();
        for (Path step : descending(sub)) {
            path = path.resolve(step);
            boolean missing = !Files.exists(path);
            if (missing) {
                Files.createDirectory(path);
            }
            if (!path.toRealPath().startsWith(root)) {
                throw new ConfigException("subPath \"" + sub + "\" leads out of its volume");
            }
            if (missing) {
                openLike(volume, path);
            }
        }
        return path.toRealPath();
    }

    /** As Kubernetes has it: {@code ./data/} is fine. */
    private static Path descending(String sub) throws ConfigException {
        Path path = Path.of(sub);
        if (path.isAbsolute()) {
            throw new ConfigException("subPath \"" + sub + "\" must not be an absolute path");
        }
        for (Path step : path) {
            if (step.toString().equals("..")) {
                throw new ConfigException("subPath \"" + sub + "\" must not contain '..'");
            }
        }
        return path.normalize();
    }

    /** Who may write into the volume may write into its part, whatever our umask. */
    private static void openLike(Path volume, Path part) throws IOException {
        int mode = (int) Files.getAttribute(volume, "unix:mode") & MODE;
        // A container that runs may have put a link in its place.
        Files.setAttribute(part, "unix:mode", mode, LinkOption.NOFOLLOW_LINKS);
    }
}
