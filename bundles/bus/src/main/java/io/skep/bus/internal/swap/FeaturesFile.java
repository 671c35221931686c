package io.skep.bus.internal.swap;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.ErrorHandler;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/**
 * What a Karaf features file lists. Bundles are taken; what a module's package has no use for is refused rather than left
 * out unseen.
 */
final class FeaturesFile {

    // These say something of features or name other ones; what bundles need is seen in their own manifests.
    private static final Set<String> NOTHING_TO_DO =
            Set.of("repository", "details", "feature", "requirement", "capability");

    private static final ErrorHandler SILENT = new ErrorHandler() {
        @Override
        public void warning(SAXParseException e) {
            // Nothing that could matter for a list of addresses.
        }

        @Override
        public void error(SAXParseException e) throws SAXException {
            throw e;
        }

        @Override
        public void fatalError(SAXParseException e) throws SAXException {
            throw e;
        }
    };

    private FeaturesFile() {}

    /**
     * Addresses of the bundles of all features, each once; empty when the text is no features file.
     *
     * @throws EdgeException {@code INVALID} for one that asks for more than bundles
     */
    static Optional<List<String>> bundles(byte[] xml) {
        Element root;
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            factory.setXIncludeAware(false);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(SILENT);
            root = builder.parse(new ByteArrayInputStream(xml)).getDocumentElement();
        } catch (SAXException e) {
            return Optional.empty();
        } catch (IOException | ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
        if (!"features".equals(root.getLocalName())) {
            return Optional.empty();
        }
        Set<String> bundles = new LinkedHashSet<>();
        for (Node node = root.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element child && "feature".equals(child.getLocalName())) {
                collect(child, bundles);
            } else if (node instanceof Element child) {
                check(child);
            }
        }
        return Optional.of(List.copyOf(bundles));
    }

    private static void collect(Element feature, Set<String> into) {
        for (Node node = feature.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element child && "bundle".equals(child.getLocalName())) {
                into.add(child.getTextContent().strip());
            } else if (node instanceof Element child) {
                check(child);
            }
        }
    }

    private static void check(Element element) {
        if (!NOTHING_TO_DO.contains(element.getLocalName())) {
            throw new EdgeException(
                    Reason.INVALID,
                    "the archive's features file has a <" + element.getLocalName()
                            + ">; a module's package may hold bundles only");
        }
    }
}
