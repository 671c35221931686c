package io.skep.itests.system;

import io.skep.itests.fault.StepModule;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import jdk.security.jarsigner.JarSigner;

/**
 * Versions of bundles for the system under test, and somebody who signs them.
 *
 * @param folder where they are put
 * @param sign the file that a {@link StepModule} in them leaves
 */
public record ModuleJars(Path folder, Path sign) {

    private static final String COMPONENT = "OSGI-INF/step.xml";
    private static final String COMPONENTS = "Service-Component";
    private static final String PASSWORD = "only-for-this-test";
    // What is copied, compressed and read in more than the blink of an eye.
    private static final int LARGE = 32 << 20;

    /** The real bundle under a higher version. */
    public Path good(String bundle, String version) {
        return make(bundle, version, "", "", false);
    }

    /** The real bundle, with a large file in it and a second module that {@code does} something. */
    public Path largeWith(String bundle, String version, String module, String does) {
        return make(bundle, version, module, does, true);
    }

    /** A bundle whose module of that name is a {@link StepModule}: of the real one it has the rest only. */
    public Path insteadOf(String bundle, String version, String module, String does) {
        Path jar = folder.resolve(bundle + "-" + version + ".jar");
        try (JarFile real = real(bundle)) {
            Manifest manifest = numbered(real, version);
            manifest.getMainAttributes().putValue(COMPONENTS, COMPONENT);
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
                copy(real, out);
                addStep(out, module, does);
            }
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A bundle of its own. */
    public Path alone(String module, String version) {
        return alone(module, version, StepModule.WELL);
    }

    /** A bundle of its own, whose module {@code does} something. */
    public Path alone(String module, String version, String does) {
        Path jar = folder.resolve(module + "-" + version + ".jar");
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "io.skep.itests." + module);
        main.putValue("Bundle-Version", version);
        main.putValue("Import-Package", "io.skep.core.api.message,io.skep.core.api.module");
        main.putValue(COMPONENTS, COMPONENT);
        main.putValue(
                "Provide-Capability", "osgi.service;objectClass:List<String>=\"io.skep.core.api.module.EdgeModule\"");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            addStep(out, module, does);
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An archive of {@link #alone} with a library {@code io.skep.itests.<module>.library} of the same version. */
    public Path archive(String module, String version, String does) {
        Path kar = folder.resolve(module + "-" + version + ".kar");
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.putValue("Bundle-ManifestVersion", "2");
        main.putValue("Bundle-SymbolicName", "io.skep.itests." + module + ".library");
        main.putValue("Bundle-Version", version);
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(kar))) {
            put(out, "repository/itests/features/1/features-1.xml", """
                    <features xmlns="http://karaf.apache.org/xmlns/features/v1.6.0" name="itests">
                      <feature name="archive">
                        <bundle>mvn:itests/library/1</bundle><bundle>mvn:itests/module/1</bundle>
                      </feature>
                    </features>
                    """.getBytes(StandardCharsets.UTF_8));
            ByteArrayOutputStream library = new ByteArrayOutputStream();
            new JarOutputStream(library, manifest).close();
            put(out, "repository/itests/library/1/library-1.jar", library.toByteArray());
            put(out, "repository/itests/module/1/module-1.jar", Files.readAllBytes(alone(module, version, does)));
            return kar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path make(String bundle, String version, String module, String does, boolean large) {
        Path jar = folder.resolve(bundle + "-" + version + ".jar");
        try (JarFile real = real(bundle)) {
            Manifest manifest = numbered(real, version);
            Attributes main = manifest.getMainAttributes();
            if (!module.isEmpty()) {
                main.putValue(COMPONENTS, main.getValue(COMPONENTS) + "," + COMPONENT);
            }
            try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
                copy(real, out);
                if (!module.isEmpty()) {
                    addStep(out, module, does);
                }
                if (large) {
                    byte[] noise = new byte[LARGE];
                    new Random(1).nextBytes(noise);
                    put(out, "noise", noise);
                }
            }
            return jar;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JarFile real(String bundle) throws IOException {
        Path versions = TestSystem.distribution().resolve("system/io/skep").resolve(bundle);
        try (Stream<Path> files = Files.walk(versions)) {
            return new JarFile(files.filter(f -> f.toString().endsWith(".jar"))
                    .findFirst()
                    .orElseThrow()
                    .toFile());
        }
    }

    private static Manifest numbered(JarFile real, String version) throws IOException {
        Manifest manifest = new Manifest(real.getManifest());
        manifest.getMainAttributes().putValue("Bundle-Version", version);
        return manifest;
    }

    private static void copy(JarFile from, JarOutputStream to) throws IOException {
        for (JarEntry entry : Collections.list(from.entries())) {
            if (!entry.getName().equals(JarFile.MANIFEST_NAME)) {
                try (InputStream in = from.getInputStream(entry)) {
                    put(to, entry.getName(), in.readAllBytes());
                }
            }
        }
    }

    private void addStep(JarOutputStream out, String module, String does) throws IOException {
        put(out, COMPONENT, """
                <?xml version="1.0" encoding="UTF-8"?>
                <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="step" init="1">
                  <property name="module.name" type="String" value="%s"/>
                  <property name="module.group" type="String" value="step"/>
                  <property name="step.does" type="String" value="%s"/>
                  <property name="step.sign" type="String" value="%s"/>
                  <service>
                    <provide interface="io.skep.core.api.module.EdgeModule"/>
                  </service>
                  <implementation class="%s"/>
                </scr:component>
                """.formatted(module, does, sign, StepModule.class.getName())
                .getBytes(StandardCharsets.UTF_8));
        String entry = StepModule.class.getName().replace('.', '/') + ".class";
        try (InputStream in = StepModule.class.getClassLoader().getResourceAsStream(entry)) {
            put(out, entry, in.readAllBytes());
        }
    }

    private static void put(JarOutputStream out, String name, byte[] content) throws IOException {
        out.putNextEntry(new JarEntry(name));
        out.write(content);
        out.closeEntry();
    }

    /** Makes a signer's key and returns the file with the certificate to trust. */
    public Path newSigner() {
        try {
            Files.deleteIfExists(keys());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        keytool(List.of(
                "-genkeypair", "-alias", "build", "-keyalg", "EC", "-dname", "CN=Build", "-ext", "EKU=codeSigning"));
        Path trusted = folder.resolve("trusted.pem");
        keytool(List.of("-exportcert", "-rfc", "-alias", "build", "-file", trusted.toString()));
        return trusted;
    }

    private void keytool(List<String> arguments) {
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        List<String> command = Stream.of(
                        List.of(keytool.toString()),
                        arguments,
                        List.of("-keystore", keys().toString(), "-storepass", PASSWORD))
                .flatMap(List::stream)
                .toList();
        Commands.Outcome outcome = Commands.run(folder, Eventually.LIMIT, Map.of(), command);
        if (outcome.code() != 0) {
            throw new AssertionError("keytool: " + outcome.all());
        }
    }

    private Path keys() {
        return folder.resolve("build.p12");
    }

    /** A copy of {@code jar} that the signer has signed. */
    public Path signed(Path jar) {
        Path signed = jar.resolveSibling("signed-" + jar.getFileName());
        try (ZipFile in = new ZipFile(jar.toFile());
                OutputStream out = Files.newOutputStream(signed)) {
            KeyStore store = KeyStore.getInstance(keys().toFile(), PASSWORD.toCharArray());
            KeyStore.PrivateKeyEntry entry = (KeyStore.PrivateKeyEntry)
                    store.getEntry("build", new KeyStore.PasswordProtection(PASSWORD.toCharArray()));
            new JarSigner.Builder(
                            entry.getPrivateKey(),
                            CertificateFactory.getInstance("X.509")
                                    .generateCertPath(List.of(entry.getCertificateChain())))
                    .build()
                    .sign(in, out);
            return signed;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new AssertionError("cannot sign " + jar, e);
        }
    }
}
