package io.skep.bus.internal.swap;

import io.skep.bus.internal.swap.OperationFiles.Arrived;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.operation.PackageSource;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.framework.Bundle;

/**
 * Fetches what is to come and looks at it. Whatever is wrong with it is an {@link EdgeException} with one sentence, thrown
 * while everything still runs. Blocks on the disk, and for a {@code mvn:} address on the repositories.
 */
final class Candidates {

    private static final String OURS = "io.skep.";

    private final OperationFiles files;
    private final TrustedSigners signers;
    private final Bundles bundles;

    Candidates(OperationFiles files, TrustedSigners signers, Bundles bundles) {
        this.files = files;
        this.signers = signers;
        this.bundles = bundles;
    }

    /** What is to come in the place of {@code present}. */
    Candidate successor(Progress progress, Bundle present, PackageSource source, boolean force) {
        List<BundleJar> came = fetch(progress, source);
        BundleJar module = came.stream()
                .filter(b -> b.name().equals(present.getSymbolicName()))
                .findFirst()
                .orElseThrow(() -> new EdgeException(
                        Reason.INVALID,
                        came.size() == 1
                                ? "the file is the bundle " + came.get(0).name() + ", not " + present.getSymbolicName()
                                : "none of the archive's bundles is " + present.getSymbolicName()));
        progress.to(module);
        if (!force && module.version().compareTo(present.getVersion()) < 0) {
            throw new EdgeException(
                    Reason.CONFLICT,
                    "version " + module.version() + " is lower than the present " + present.getVersion()
                            + ": use --force");
        }
        return checked(module, came);
    }

    /** What is to come where nothing is. */
    Candidate newcomer(Progress progress, PackageSource source) {
        List<BundleJar> came = fetch(progress, source);
        List<BundleJar> modules = came.size() == 1
                ? came
                : came.stream().filter(BundleJar::declaresModule).toList();
        if (modules.size() != 1) {
            throw new EdgeException(
                    Reason.INVALID,
                    "one of the archive's bundles must be a module; there are " + modules.size()
                            + " that say they are");
        }
        progress.to(modules.get(0));
        return checked(modules.get(0), came);
    }

    /** What was there before an operation; it was taken once, so that nobody's signature is asked for now. */
    Candidate former(Progress progress, Path snapshot) {
        Arrived arrived = files.fetch(progress.id(), snapshot.toString());
        BundleJar module = BundleJar.read(arrived.file(), arrived.checksum());
        progress.to(module);
        return checked(module, List.of(module));
    }

    private List<BundleJar> fetch(Progress progress, PackageSource source) {
        progress.step("check", source.address());
        if (!source.checksum().isEmpty() && !source.checksum().matches("[0-9a-f]{64}")) {
            throw new EdgeException(Reason.INVALID, "no SHA-256 in hexadecimal: " + source.checksum());
        }
        Arrived arrived = files.fetch(progress.id(), source.address());
        progress.checksum(arrived.checksum());
        if (!source.checksum().isEmpty() && !source.checksum().equals(arrived.checksum())) {
            throw new EdgeException(
                    Reason.INVALID,
                    "the file's SHA-256 is " + arrived.checksum() + ", not " + source.checksum() + " as was told");
        }
        List<BundleJar> came = FeatureArchive.isOne(arrived.file())
                ? FeatureArchive.unpack(arrived, files.unpacked(progress.id()))
                : List.of(BundleJar.read(arrived.file(), arrived.checksum()));
        came.forEach(bundle -> signers.check(bundle.file(), bundle.label()));
        return came;
    }

    private Candidate checked(BundleJar module, List<BundleJar> came) {
        List<BundleJar> libraries = came.stream().filter(b -> b != module).toList();
        Set<String> names = new HashSet<>(Set.of(module.name()));
        for (BundleJar library : libraries) {
            if (!names.add(library.name())) {
                throw new EdgeException(Reason.INVALID, "the archive has the bundle " + library.name() + " twice");
            }
            checkLibrary(library);
        }
        Candidate candidate = new Candidate(module, libraries);
        for (BundleJar bundle : candidate.bundles()) {
            Optional<String> missing = bundles.imports().missing(bundle, candidate.bundles());
            if (missing.isPresent()) {
                throw new EdgeException(Reason.INVALID, missing.get());
            }
        }
        return candidate;
    }

    private void checkLibrary(BundleJar library) {
        if (library.declaresModule()) {
            throw new EdgeException(
                    Reason.INVALID,
                    "the archive also has " + library.label() + ", which is a module itself: it goes by its own");
        }
        if (library.name().startsWith(OURS)
                && bundles.named(library.name()).isPresent()
                && bundles.exact(library.name(), library.version()).isEmpty()) {
            throw new EdgeException(
                    Reason.INVALID,
                    "the archive has " + library.label() + "; what Skep itself is made of does not come with a module");
        }
    }
}
