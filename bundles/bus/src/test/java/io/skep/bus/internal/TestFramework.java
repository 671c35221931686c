package io.skep.bus.internal;

import io.skep.bus.internal.mod.ModuleBundle;
import io.skep.core.api.module.EdgeModule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
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

    void close() throws BundleException, InterruptedException {
        framework.stop();
        framework.waitForStop(30_000);
    }
}
