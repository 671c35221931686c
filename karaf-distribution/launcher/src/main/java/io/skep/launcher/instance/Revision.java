package io.skep.launcher.instance;

import io.skep.launcher.host.LauncherException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * One content of a bundle in Felix's cache: {@code version<refreshes>.<number>}. An update adds one, the next refresh takes the
 * older ones away.
 */
record Revision(Path folder, long number) {

    private static final Pattern NAME = Pattern.compile("version\\d{1,18}\\.(\\d{1,18})");
    private static final String LOCATION = "revision.location";
    private static final String CONTENT = "bundle.jar";

    /** Those of a bundle, the newest last. */
    static List<Revision> of(Path bundle) {
        try (Stream<Path> folders = Files.list(bundle)) {
            return folders.flatMap(Revision::read)
                    .sorted(Comparator.comparing(Revision::number))
                    .toList();
        } catch (IOException e) {
            throw unreadable(bundle, e);
        }
    }

    private static Stream<Revision> read(Path folder) {
        Matcher name = NAME.matcher(folder.getFileName().toString());
        return name.matches() ? Stream.of(new Revision(folder, Long.parseLong(name.group(1)))) : Stream.empty();
    }

    /** The framework notes the location when the content is copied; after a power loss either may be empty. */
    boolean isWhole() {
        try {
            Path location = folder.resolve(LOCATION);
            return Files.exists(location) && Files.size(location) > 0 && isReadable(folder.resolve(CONTENT));
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    // A bundle that is used where it lies has no copy here.
    private static boolean isReadable(Path content) throws IOException {
        if (!Files.exists(content)) {
            return true;
        }
        try (ZipFile jar = new ZipFile(content.toFile())) {
            return jar.size() > 0;
        } catch (ZipException e) {
            return false;
        }
    }

    private static LauncherException unreadable(Path folder, IOException e) {
        return new LauncherException("cannot read what is installed in " + folder + ": " + e, e);
    }
}
