package io.skep.bus.internal.swap;

import io.skep.bus.internal.swap.OperationFiles.Arrived;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * A KAR: an archive whose folder {@code repository} is laid out as a Maven repository and holds a features file and the
 * bundles it lists. Nothing is fetched from anywhere else.
 *
 * <p>Source: Apache Karaf 4.4 manual, "KAR".
 */
final class FeatureArchive {

    private static final String REPOSITORY = "repository/";
    private static final int MAX_BUNDLES = 50;
    private static final int MAX_FEATURES_BYTES = 1 << 20;

    private FeatureArchive() {}

    /** Whether a file is such an archive and no bundle. */
    static boolean isOne(Path file) {
        try (JarFile jar = new JarFile(file.toFile(), false)) {
            boolean bundle = jar.getManifest() != null
                    && jar.getManifest().getMainAttributes().getValue("Bundle-SymbolicName") != null;
            return !bundle && jar.stream().anyMatch(e -> e.getName().startsWith(REPOSITORY));
        } catch (IOException e) {
            return false; // whoever reads it as a bundle says what is wrong with it
        }
    }

    /**
     * Lays the archive's bundles into {@code folder}, under names of ours, and looks at each.
     *
     * @throws EdgeException {@code INVALID} when it can't be used
     */
    static List<BundleJar> unpack(Arrived archive, Path folder) {
        try (JarFile jar = new JarFile(archive.file().toFile(), false)) {
            ArchiveEntries.check(archive.file(), jar);
            List<BundleJar> bundles = new ArrayList<>();
            for (String address : addresses(jar)) {
                Path file = folder.resolve(bundles.size() + ".jar");
                lay(jar, address, file);
                bundles.add(bundle(address, file, archive.checksum()));
            }
            return bundles;
        } catch (IOException e) {
            throw new EdgeException(Reason.INVALID, "the archive can't be read: " + e.getMessage(), e);
        }
    }

    private static Set<String> addresses(JarFile jar) throws IOException {
        Set<String> addresses = new LinkedHashSet<>();
        boolean found = false;
        for (JarEntry entry : Collections.list(jar.entries())) {
            if (entry.getName().startsWith("resource")) {
                throw invalid("it brings files for the installation (" + entry.getName() + "), which is not allowed");
            }
            if (entry.getName().startsWith(REPOSITORY) && entry.getName().endsWith(".xml")) {
                Optional<List<String>> listed = FeaturesFile.bundles(read(jar, entry));
                found |= listed.isPresent();
                listed.ifPresent(addresses::addAll);
            }
        }
        if (!found) {
            throw invalid("it has no features file in " + REPOSITORY);
        }
        if (addresses.isEmpty() || addresses.size() > MAX_BUNDLES) {
            throw invalid("its features list " + addresses.size() + " bundles; 1 to " + MAX_BUNDLES + " are allowed");
        }
        return addresses;
    }

    private static byte[] read(JarFile jar, JarEntry entry) throws IOException {
        try (InputStream in = jar.getInputStream(entry)) {
            byte[] text = in.readNBytes(MAX_FEATURES_BYTES + 1);
            if (text.length > MAX_FEATURES_BYTES) {
                throw invalid("its " + entry.getName() + " is larger than 1 MiB");
            }
            return text;
        }
    }

    private static void lay(JarFile jar, String address, Path file) throws IOException {
        JarEntry entry = jar.getJarEntry(REPOSITORY + path(address));
        if (entry == null) {
            throw invalid("its features list " + address + ", which is not in it");
        }
        try (InputStream in = jar.getInputStream(entry)) {
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** {@code mvn:group/artifact/version[/type[/classifier]]} as a path in a Maven repository. */
    private static String path(String address) {
        String[] parts =
                address.startsWith("mvn:") ? address.substring("mvn:".length()).split("/", -1) : new String[0];
        if (parts.length < 3 || parts.length > 5 || address.contains("!")) {
            throw invalid("its features list " + address + ", which is no mvn:group/artifact/version");
        }
        String type = parts.length > 3 && !parts[3].isEmpty() ? parts[3] : "jar";
        String classifier = parts.length > 4 ? "-" + parts[4] : "";
        return parts[0].replace('.', '/') + "/" + parts[1] + "/" + parts[2] + "/" + parts[1] + "-" + parts[2]
                + classifier + "." + type;
    }

    private static BundleJar bundle(String address, Path file, String checksum) {
        try {
            return BundleJar.read(file, checksum);
        } catch (EdgeException e) {
            throw new EdgeException(e.reason(), address + " in the archive: " + e.getMessage(), e);
        }
    }

    private static EdgeException invalid(String why) {
        return new EdgeException(Reason.INVALID, "the archive can't be used: " + why);
    }
}
