package io.skep.bus.internal;

import io.skep.bus.internal.mod.ModuleBundle;
import io.skep.core.api.module.EdgeModule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;

/** A real Felix whose module services are bound to a bus, and the jars for it. */
final class TestFramework {

    private static final String SHARED = "io.skep.core.api;version=1.0.0,io.skep.core.api.bus;version=1.0.0,"
            + "io.skep.core.api.message;version=1.0.0,io.skep.core.api.module;version=1.0.0,"
            + "io.skep.bus.internal.seen";

    private final Path folder;
    private final Framework framework;
    private int jars;

    TestFramework(Path folder, EventAdminMessageBus bus) throws BundleException, InvalidSyntaxException {
        this.folder = folder;
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        Constants.FRAMEWORK_STORAGE,
                        folder.resolve("cache").toString(),
                        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
                        SHARED,
                        "karaf.base",
                        folder.toString(),
                        "felix.service.urlhandlers",
                        "false"));
        framework.start();
        context()
                .addServiceListener(
                        event -> bind(event, bus),
                        "(" + Constants.OBJECTCLASS + "=" + EdgeModule.class.getName() + ")");
    }

    @SuppressWarnings("unchecked")
    private void bind(ServiceEvent event, EventAdminMessageBus bus) {
        ServiceReference<EdgeModule> reference = (ServiceReference<EdgeModule>) event.getServiceReference();
        if (event.getType() == ServiceEvent.REGISTERED) {
            bus.bindModule(reference, context().getService(reference));
        } else if (event.getType() == ServiceEvent.UNREGISTERING) {
            bus.unbindModule(reference);
        }
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    Bundle start(Path jar) throws BundleException, IOException {
        try (InputStream in = Files.newInputStream(jar)) {
            Bundle bundle = context().installBundle("test:" + jar, in);
            bundle.start();
            return bundle;
        }
    }

    /** Installs a copy of {@code jar} as whoever watches {@code deploy/} does, without starting it. */
    Bundle deploy(Path jar) throws BundleException, IOException {
        Path copy = Files.createDirectories(folder.resolve("deploy")).resolve(jar.getFileName());
        Files.copy(jar, copy);
        try (InputStream in = Files.newInputStream(copy)) {
            return context().installBundle(copy.toFile().toURI().toString(), in);
        }
    }

    /** A bundle {@code name} with the module {@code m}, which {@code does} what is wrong with it. */
    Path jar(String name, String version, String does) throws IOException {
        return jar(name, version, does, "m", "", "");
    }

    Path jar(String name, String version, String does, String module, String moreImports, String extraEntry)
            throws IOException {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.putValue("Manifest-Version", "1.0");
        headers.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        headers.putValue(Constants.BUNDLE_SYMBOLICNAME, name);
        headers.putValue(Constants.BUNDLE_VERSION, version);
        headers.putValue(Constants.BUNDLE_ACTIVATOR, ModuleBundle.class.getName());
        headers.putValue(
                Constants.IMPORT_PACKAGE,
                "org.osgi.framework,io.skep.core.api.message;version=\"[1.0,2)\",io.skep.core.api.module,"
                        + "io.skep.bus.internal.seen" + moreImports);
        headers.putValue("Test-Does", does);
        headers.putValue("Test-Module", module);
        Path jar = folder.resolve("test-" + ++jars + ".jar");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String entry = ModuleBundle.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(bytes, manifest);
                InputStream in = ModuleBundle.class.getClassLoader().getResourceAsStream(entry)) {
            out.putNextEntry(new ZipEntry(entry));
            in.transferTo(out);
            out.closeEntry();
            if (!extraEntry.isEmpty()) {
                out.putNextEntry(new ZipEntry(extraEntry));
                out.closeEntry();
            }
        }
        return Files.write(jar, bytes.toByteArray());
    }

    /** A bundle that exports and does nothing. */
    Path library(String name, String version, String exports) throws IOException {
        return manifestOnly(name, version, Map.of(Constants.EXPORT_PACKAGE, exports));
    }

    /** A bundle that takes packages from wherever it finds them when it needs them. */
    Path seeker(String name) throws IOException {
        return manifestOnly(name, "1.0.0", Map.of(Constants.DYNAMICIMPORT_PACKAGE, "*"));
    }

    /** A bundle with a module that says in its manifest that it is one, as bnd writes it. */
    Path module(String name, String version, String module, String moreImports) throws IOException {
        return module(name, version, "nothing wrong", module, moreImports);
    }

    Path module(String name, String version, String does, String module, String moreImports) throws IOException {
        Path jar = jar(name, version, does, module, moreImports, "");
        try (FileSystem zip = FileSystems.newFileSystem(jar)) {
            Path file = zip.getPath("META-INF/MANIFEST.MF");
            Manifest manifest = new Manifest();
            try (InputStream in = Files.newInputStream(file)) {
                manifest.read(in);
            }
            manifest.getMainAttributes()
                    .putValue(
                            Constants.PROVIDE_CAPABILITY,
                            "osgi.service;objectClass:List<String>=\"" + EdgeModule.class.getName() + "\"");
            try (OutputStream out = Files.newOutputStream(file)) {
                manifest.write(out);
            }
        }
        return jar;
    }

    private Path manifestOnly(String name, String version, Map<String, String> more) throws IOException {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.putValue("Manifest-Version", "1.0");
        headers.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        headers.putValue(Constants.BUNDLE_SYMBOLICNAME, name);
        headers.putValue(Constants.BUNDLE_VERSION, version);
        more.forEach(headers::putValue);
        Path jar = folder.resolve("test-" + ++jars + ".jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            out.putNextEntry(new ZipEntry("about.txt"));
            out.write(name.getBytes(StandardCharsets.UTF_8));
            out.closeEntry();
        }
        return jar;
    }

    /** A features file with one feature of these bundles. */
    static String features(String... bundles) {
        return "<features xmlns='http://karaf.apache.org/xmlns/features/v1.6.0' name='test'><feature name='f'>"
                + Arrays.stream(bundles).map(b -> "<bundle>" + b + "</bundle>").collect(Collectors.joining())
                + "</feature></features>";
    }

    /** An archive of files by their {@code mvn:} addresses. */
    Path kar(String features, Map<String, Path> files) throws IOException {
        return kar(features, files, "META-INF/KARAF.MF", new byte[0]);
    }

    Path kar(String features, Map<String, Path> files, String extra, byte[] content) throws IOException {
        Path kar = folder.resolve("test-" + ++jars + ".kar");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(kar))) {
            out.putNextEntry(new ZipEntry("repository/test/f/1/f-1-features.xml"));
            out.write(features.getBytes(StandardCharsets.UTF_8));
            for (Map.Entry<String, Path> file : files.entrySet()) {
                String[] parts = file.getKey().replace("mvn:", "").split("/");
                out.putNextEntry(new ZipEntry("repository/" + parts[0] + "/" + parts[1] + "/" + parts[2] + "/"
                        + parts[1] + "-" + parts[2] + ".jar"));
                Files.copy(file.getValue(), out);
            }
            out.putNextEntry(new ZipEntry(extra));
            out.write(content);
        }
        return kar;
    }

    void close() throws BundleException, InterruptedException {
        framework.stop();
        framework.waitForStop(30_000);
    }
}
