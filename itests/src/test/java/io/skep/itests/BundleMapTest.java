package io.skep.itests;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the built bundles against the bundle map: who may use whom. A new edge changes {@link #MAP} first. */
class BundleMapTest {

    private static final Path BUNDLES = Path.of("..", "bundles");

    /** Bundle, and the bundles of ours it may import packages from. */
    private static final Map<String, Set<String>> MAP = Map.ofEntries(
            entry("core.api", Set.of()),
            entry("kube.api", Set.of()),
            entry("runtime.api", Set.of("kube.api")),
            entry("bus", Set.of("core.api")),
            entry("transport", Set.of("core.api")),
            entry("kube.rest", Set.of("core.api", "kube.api")),
            entry("monitor", Set.of("core.api")),
            entry("store.derby", Set.of("core.api")),
            entry("kube.embedded", Set.of("core.api", "kube.api")),
            entry("runtime.process", Set.of("core.api", "runtime.api", "kube.api")),
            entry("runtime.cri", Set.of("runtime.api", "kube.api")),
            entry("edgehub", Set.of("core.api", "transport")),
            entry("metamanager", Set.of("core.api", "kube.api")),
            entry("metaserver", Set.of("core.api", "kube.api")),
            entry("edgestream", Set.of("core.api", "kube.api", "runtime.api", "transport")),
            entry("edged", Set.of("core.api", "kube.api", "runtime.api")),
            entry("cloudhub", Set.of("core.api", "kube.api", "transport")),
            entry("cloudstream", Set.of("core.api", "kube.api", "transport")),
            entry("edgecontroller", Set.of("core.api", "kube.api")),
            entry("shell", Set.of("core.api", "kube.api", "runtime.api")),
            entry("bench", Set.of("core.api", "runtime.api")));

    @Test
    void everyBundleIsOnTheMap() throws IOException {
        assertThat(manifests().keySet()).containsExactlyInAnyOrderElementsOf(MAP.keySet());
    }

    @Test
    void noBundleUsesAnotherThatTheMapDoesNotAllow() throws IOException {
        Map<String, Manifest> manifests = manifests();
        Map<String, String> exporters = new TreeMap<>();
        manifests.forEach((bundle, manifest) ->
                packages(manifest, "Export-Package").forEach(exported -> exporters.put(exported, bundle)));

        manifests.forEach((bundle, manifest) -> {
            Set<String> used = new TreeSet<>();
            packages(manifest, "Import-Package").stream()
                    .filter(imported -> imported.startsWith("io.skep."))
                    .map(exporters::get)
                    .filter(exporter -> !bundle.equals(exporter))
                    .forEach(used::add);
            assertThat(MAP.get(bundle)).as("what %s may use", bundle).containsAll(used);
        });
    }

    @Test
    void internalPackagesAreNeitherExportedNorImported() throws IOException {
        manifests().forEach((bundle, manifest) -> {
            assertThat(packages(manifest, "Export-Package")).as(bundle).noneMatch(p -> p.contains(".internal"));
            assertThat(packages(manifest, "Import-Package"))
                    .as(bundle)
                    .noneMatch(p -> p.startsWith("io.skep.") && p.contains(".internal"));
        });
    }

    @Test
    void exportedPackagesHaveAVersionOfTheirOwn() throws IOException {
        manifests()
                .forEach((bundle, manifest) -> clauses(manifest, "Export-Package").stream()
                        .filter(clause -> clause.startsWith("io.skep."))
                        .forEach(clause -> assertThat(clause)
                                .as(bundle)
                                .containsPattern(";version=\"?[1-9]\\d*\\.\\d+\\.\\d+\"?")));
    }

    // Two threads that are the first to ask for such a package at the same time: one of them may not find it.
    @Test
    void nothingIsImportedWhenItIsAskedForFirst() throws IOException {
        manifests()
                .forEach((bundle, manifest) -> assertThat(packages(manifest, "DynamicImport-Package"))
                        .as(bundle)
                        .isEmpty());
    }

    private static Map<String, Manifest> manifests() throws IOException {
        Map<String, Manifest> manifests = new TreeMap<>();
        try (Stream<Path> folders = Files.list(BUNDLES)) {
            for (Path folder : (Iterable<Path>) folders.filter(f -> Files.exists(f.resolve("pom.xml")))::iterator) {
                String name = folder.getFileName().toString();
                try (JarFile jar = new JarFile(jar(folder, name).toFile())) {
                    manifests.put(name, jar.getManifest());
                }
            }
        }
        return manifests;
    }

    private static Path jar(Path folder, String name) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("target"))) {
            return files.filter(f ->
                            f.getFileName().toString().matches(name.replace(".", "\\.") + "-[^-]+(-SNAPSHOT)?\\.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("bundle " + name + " is not built"));
        }
    }

    private static Set<String> packages(Manifest manifest, String header) {
        Set<String> packages = new TreeSet<>();
        clauses(manifest, header).forEach(clause -> packages.add(clause.split(";", 2)[0].trim()));
        return packages;
    }

    /** Commas inside quotes belong to a version range or a uses list. */
    private static List<String> clauses(Manifest manifest, String header) {
        String value = manifest.getMainAttributes().getValue(header);
        return value == null ? List.of() : List.of(value.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)"));
    }
}
