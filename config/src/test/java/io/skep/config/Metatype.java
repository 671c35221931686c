package io.skep.config;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** What the bundles on the class path say about their configuration. */
final class Metatype {

    private static final String FOLDER = "OSGI-INF/metatype";

    private Metatype() {}

    /** PID, key, default. */
    static Map<String, Map<String, String>> defaults() {
        Map<String, Map<String, String>> all = new TreeMap<>();
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .forEach(entry -> {
                    if (entry.toString().endsWith(".jar")) {
                        readJar(entry, all);
                    } else {
                        readFolder(entry.resolve(FOLDER), all);
                    }
                });
        return all;
    }

    private static void readJar(Path file, Map<String, Map<String, String>> into) {
        try (JarFile jar = new JarFile(file.toFile())) {
            for (JarEntry entry : jar.stream()
                    .filter(e -> e.getName().startsWith(FOLDER) && e.getName().endsWith(".xml"))
                    .toList()) {
                try (InputStream in = jar.getInputStream(entry)) {
                    read(in, into);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void readFolder(Path folder, Map<String, Map<String, String>> into) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                try (InputStream in = Files.newInputStream(file)) {
                    read(in, into);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void read(InputStream in, Map<String, Map<String, String>> into) throws IOException {
        try {
            Document document =
                    DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
            Map<String, String> keys = new TreeMap<>();
            NodeList attributes = document.getElementsByTagName("AD");
            for (int i = 0; i < attributes.getLength(); i++) {
                Element attribute = (Element) attributes.item(i);
                // A comma inside a value is escaped there (OSGi Compendium, Metatype Service).
                keys.put(
                        attribute.getAttribute("id"),
                        attribute.getAttribute("default").replace("\\,", ","));
            }
            Element designate =
                    (Element) document.getElementsByTagName("Designate").item(0);
            into.put(designate.getAttribute("pid"), keys);
        } catch (ParserConfigurationException | SAXException e) {
            throw new IOException(e);
        }
    }
}
