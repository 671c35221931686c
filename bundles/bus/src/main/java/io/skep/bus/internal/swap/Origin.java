package io.skep.bus.internal.swap;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;
import org.osgi.framework.Bundle;
import org.osgi.framework.startlevel.BundleStartLevel;

/**
 * Where a bundle was installed from, and the level it starts at; written into its snapshot. Features know their bundles by
 * where they are from: one that came back from elsewhere would be installed a second time beside it.
 *
 * @param startLevel the framework's level at which it starts
 * @param location where it was installed from
 */
record Origin(int startLevel, String location) {

    private static final Pattern TEXT = Pattern.compile("skep (\\d{1,9}) (.+)", Pattern.DOTALL);

    static Origin of(Bundle bundle) {
        return new Origin(bundle.adapt(BundleStartLevel.class).getStartLevel(), bundle.getLocation());
    }

    /** As it is written. */
    String text() {
        return "skep " + startLevel + " " + location;
    }

    /** What is written in a snapshot; those of former versions say nothing. */
    static Optional<Origin> in(Path snapshot) throws IOException {
        try (ZipFile zip = new ZipFile(snapshot.toFile())) {
            Matcher text = TEXT.matcher(zip.getComment() == null ? "" : zip.getComment());
            return text.matches()
                    ? Optional.of(new Origin(Integer.parseInt(text.group(1)), text.group(2)))
                    : Optional.empty();
        }
    }
}
