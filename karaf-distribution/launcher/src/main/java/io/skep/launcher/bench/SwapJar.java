package io.skep.launcher.bench;

import io.skep.launcher.host.LauncherException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/**
 * Makes the versions of bundles that the bench puts in place of each other. A good one is the real bundle under a higher
 * number; a bad one has the module's name too, but another class behind it, from the bundle {@code bench}.
 *
 * @param system the distribution's repository
 * @param folder where they are put
 * @param record where a module of the bench writes what it was given
 */
record SwapJar(Path system, Path folder, Path record) {

    private static final String COMPONENT = "OSGI-INF/bench.xml";
    private static final String CLASSES = "io/skep/bench/internal/storm/";
    private static final String FAULTY = "FaultyModule";
    private static final String SINK = "StormSink";
    private static final String SERVICE_COMPONENT = "Service-Component";

    /** The module that the storm inside the node goes to, and its bundle. */
    static final String SINK_MODULE = "bench-storm";

    static final String SINK_BUNDLE = "bench.storm";

    /** Version {@code number} of what {@code target} is, as {@code version} says. */
    Path make(SwapTarget target, SwapVersion version, int number) {
        Path jar = folder.resolve(target.bundle() + "-" + number + ".jar");
        try (JarFile real = new JarFile(
                target.bundle().equals(SINK_BUNDLE)
                        ? sink(0).toFile()
                        : real(target.bundle()).toFile())) {
            Manifest manifest = new Manifest(real.getManifest());
            Attributes main = manifest.getMainAttributes();
            main.putValue("Bundle-Version", "1.1." + number);
            switch (version) {
                case GOOD -> {}
                case UNRESOLVABLE ->
                    main.putValue("Import-Package", main.getValue("Import-Package") + ",io.skep.bench.absent");
                case THROWS_IN_START, HANGS_IN_START, HANGS_IN_DRAIN, UNHEALTHY, LEAKS_A_THREAD ->
                    main.putValue(SERVICE_COMPONENT, COMPONENT);
            }
            boolean faulty = COMPONENT.equals(main.getValue(SERVICE_COMPONENT)) && version != SwapVersion.GOOD;
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
                copy(real, out, faulty);
                if (faulty) {
                    put(out, COMPONENT, component(FAULTY, target.module(), version.id(), misdelivered()));
                    addClass(out, FAULTY);
                }
            }
            return jar;
        } catch (IOException e) {
            throw new LauncherException("cannot make " + jar + ": " + e, e);
        }
    }

    /** The bundle of the module the storm goes to. */
    Path sink(int number) {
        Path jar = folder.resolve(SINK_BUNDLE + "-first.jar");
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "io.skep." + SINK_BUNDLE);
        main.putValue("Bundle-Version", "1.0." + number);
        main.putValue(
                "Import-Package",
                "io.skep.core.api;version=\"[1,2)\",io.skep.core.api.bus;version=\"[1,2)\","
                        + "io.skep.core.api.message;version=\"[1,2)\",io.skep.core.api.module;version=\"[1,2)\"");
        main.putValue(SERVICE_COMPONENT, COMPONENT);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            put(out, COMPONENT, component(SINK, SINK_MODULE, "", arrived()));
            addClass(out, SINK);
            return jar;
        } catch (IOException e) {
            throw new LauncherException("cannot make " + jar + ": " + e, e);
        }
    }

    /** What the storm's module was given: two integers a message. */
    Path arrived() {
        return record.resolve("arrived");
    }

    /** What bad modules were given: there only if one was. */
    Path misdelivered() {
        return record.resolve("misdelivered");
    }

    private Path real(String bundle) throws IOException {
        try (Stream<Path> files = Files.walk(system.resolve("io/skep").resolve(bundle))) {
            return files.filter(f -> f.toString().endsWith(".jar"))
                    .findFirst()
                    .orElseThrow(() -> new LauncherException("there is no bundle " + bundle + " in " + system));
        }
    }

    private static void copy(JarFile from, JarOutputStream to, boolean withoutComponent) throws IOException {
        for (Enumeration<JarEntry> entries = from.entries(); entries.hasMoreElements(); ) {
            JarEntry entry = entries.nextElement();
            if (entry.getName().equals(JarFile.MANIFEST_NAME)
                    || withoutComponent && entry.getName().equals(COMPONENT)) {
                continue;
            }
            try (InputStream in = from.getInputStream(entry)) {
                put(to, entry.getName(), in.readAllBytes());
            }
        }
    }

    private void addClass(JarOutputStream out, String name) throws IOException {
        try (JarFile bench = new JarFile(real("bench").toFile())) {
            for (Enumeration<JarEntry> entries = bench.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                if (entry.getName().startsWith(CLASSES + name)) {
                    try (InputStream in = bench.getInputStream(entry)) {
                        put(out, entry.getName(), in.readAllBytes());
                    }
                }
            }
        }
    }

    private static byte[] component(String type, String module, String fault, Path file) {
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="bench" init="1">
                  <property name="module.name" type="String" value="%s"/>
                  <property name="module.group" type="String" value="bench"/>
                  <property name="bench.fault" type="String" value="%s"/>
                  <property name="bench.file" type="String" value="%s"/>
                  <service>
                    <provide interface="io.skep.core.api.module.EdgeModule"/>
                  </service>
                  <implementation class="io.skep.bench.internal.storm.%s"/>
                </scr:component>
                """.formatted(module, fault, file, type).getBytes(StandardCharsets.UTF_8);
    }

    private static void put(JarOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(content);
        out.closeEntry();
    }
}
