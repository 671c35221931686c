package io.skep.bus.internal.swap;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.module.EdgeModule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * A file that was looked at and is a bundle.
 *
 * @param file where it lies
 * @param name its symbolic name
 * @param version its version
 * @param headers its manifest's main section
 * @param checksum SHA-256 of the file that came, in hexadecimal; the bundle itself or the archive it was in
 */
record BundleJar(Path file, String name, Version version, Attributes headers, String checksum) {

    /** Symbolic name and version as operators see them. */
    String label() {
        return name + "/" + version;
    }

    /** Whether its manifest says that it brings a module; a bundle without bnd's annotations may bring one unsaid. */
    boolean declaresModule() {
        return String.valueOf(headers.getValue(Constants.PROVIDE_CAPABILITY)).contains(EdgeModule.class.getName());
    }

    /**
     * Looks at a file without running anything of it.
     *
     * @throws EdgeException {@code INVALID} when it is no bundle, or one that must not be unpacked
     */
    static BundleJar read(Path file, String checksum) {
        try (JarFile jar = new JarFile(file.toFile(), false)) {
            ArchiveEntries.check(file, jar);
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

    private static EdgeException invalid(String why) {
        return new EdgeException(Reason.INVALID, "the file is no usable bundle: " + why);
    }
}
