package io.skep.bus.internal.swap;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * A file that was looked at and is a bundle.
 *
 * @param file where it lies
 * @param name its symbolic name
 * @param version its version
 * @param headers its manifest's main section
 * @param checksum SHA-256 in hexadecimal
 */
record BundleJar(Path file, String name, Version version, Attributes headers, String checksum) {

    private static final int MAX_ENTRIES = 20_000;
    private static final long MAX_UNPACKED_BYTES = 512L << 20;

    /** Symbolic name and version as operators see them. */
    String label() {
        return name + "/" + version;
    }

    /**
     * Looks at a file without running anything of it.
     *
     * @throws EdgeException {@code INVALID} when it is no bundle, or one that must not be unpacked
     */
    static BundleJar read(Path file, String checksum) {
        try (JarFile jar = new JarFile(file.toFile(), false)) {
            checkEntries(jar);
            Manifest manifest = jar.getManifest();
            if (manifest == null) {
                throw invalid("it has no manifest");
            }
            return bundle(file, manifest.getMainAttributes(), checksum);
        } catch (IOException e) {
            throw new EdgeException(
                    Reason.INVALID, "the file is no bundle: it can't be read as a jar: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new EdgeException(Reason.INVALID, "the file is no bundle: " + e.getMessage(), e);
        }
    }

    private static BundleJar bundle(Path file, Attributes headers, String checksum) {
        String name = headers.getValue(Constants.BUNDLE_SYMBOLICNAME);
        if (name == null || !"2".equals(headers.getValue(Constants.BUNDLE_MANIFESTVERSION))) {
            throw invalid("its manifest has no " + Constants.BUNDLE_SYMBOLICNAME);
        }
        if (headers.getValue(Constants.FRAGMENT_HOST) != null) {
            throw invalid("it is a fragment");
        }
        String symbolicName = Clause.parse(name).get(0).paths().get(0);
        return new BundleJar(
                file,
                symbolicName,
                Version.parseVersion(headers.getValue(Constants.BUNDLE_VERSION)),
                headers,
                checksum);
    }

    // Sizes are counted as they come out: what an archive says of itself may be a lie.
    private static void checkEntries(JarFile jar) throws IOException {
        long unpacked = 0;
        int count = 0;
        byte[] buffer = new byte[1 << 16];
        for (Enumeration<? extends ZipEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
            ZipEntry entry = entries.nextElement();
            checkName(entry.getName());
            if (++count > MAX_ENTRIES) {
                throw invalid("it has more than " + MAX_ENTRIES + " entries");
            }
            try (InputStream in = jar.getInputStream(entry)) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    unpacked += n;
                    if (unpacked > MAX_UNPACKED_BYTES) {
                        throw invalid("it unpacks to more than " + (MAX_UNPACKED_BYTES >> 20) + " MiB");
                    }
                }
            }
        }
    }

    private static void checkName(String name) {
        boolean leaves = name.startsWith("/")
                || name.contains("\\")
                || name.contains(":")
                || Arrays.asList(name.split("/")).contains("..");
        if (leaves) {
            throw invalid("its entry \"" + name + "\" leads out of it");
        }
    }

    private static EdgeException invalid(String why) {
        return new EdgeException(Reason.INVALID, "the file is no usable bundle: " + why);
    }
}
