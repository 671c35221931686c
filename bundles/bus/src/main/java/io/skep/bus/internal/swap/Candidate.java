package io.skep.bus.internal.swap;

import java.util.List;
import java.util.stream.Stream;

/**
 * What is to come, once it was looked at.
 *
 * @param module the bundle with the module
 * @param libraries bundles that come with it
 */
record Candidate(BundleJar module, List<BundleJar> libraries) {

    Candidate {
        libraries = List.copyOf(libraries);
    }

    /** All its bundles. */
    List<BundleJar> bundles() {
        return Stream.concat(libraries.stream(), Stream.of(module)).toList();
    }
}
