package io.skep.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds templates, roles and README against the metatype of the built bundles: no setting unknown, none forgotten. */
class TemplatesTest {

    private static final Path ETC = Path.of("etc");
    private static final Path ROLES = Path.of("roles");
    private static final Pattern KEY = Pattern.compile("^#([a-z0-9.]+) =(?: (.*))?$", Pattern.MULTILINE);
    private static final Pattern PID = Pattern.compile("String PID = \"([^\"]+)\"");
    private static final Pattern HEADING = Pattern.compile("^### `(io\\.skep\\.[a-z.]+)`$", Pattern.MULTILINE);
    private static final Pattern ROW = Pattern.compile("^\\| `([^`]+)` \\| (?:`([^`]*)`)? *\\|", Pattern.MULTILINE);

    private final Map<String, Map<String, String>> metatype = Metatype.defaults();

    @Test
    void everyConfigurableBundleIsOnTheClassPath() throws IOException {
        try (Stream<Path> sources = Files.walk(Path.of("..", "bundles"))) {
            Set<String> pids = sources.filter(f -> f.toString().endsWith(".java"))
                    .filter(f -> f.toString().contains("src/main/java".replace('/', java.io.File.separatorChar)))
                    .map(TemplatesTest::read)
                    .filter(text -> text.contains("@ObjectClassDefinition("))
                    .flatMap(text -> PID.matcher(text).results().map(m -> m.group(1)))
                    .collect(Collectors.toCollection(TreeSet::new));

            assertThat(metatype.keySet()).isEqualTo(pids);
        }
    }

    @Test
    void templatesHoldEveryKeyAtItsDefaultAndNoOther() throws IOException {
        Map<String, Map<String, String>> templates = new TreeMap<>();
        for (Path file : ours(ETC)) {
            templates.put(pid(file), keys(KEY.matcher(read(file)).results()));
        }

        assertThat(templates).isEqualTo(metatype);
    }

    @Test
    void templatesSetNothing() throws IOException {
        for (Path file : ours(ETC)) {
            assertThat(load(file)).as("set in %s", file).isEmpty();
        }
    }

    @Test
    void everyKeyIsExplained() throws IOException {
        for (Path file : ours(ETC)) {
            List<String> lines = read(file).lines().toList();
            for (int i = 1; i < lines.size(); i++) {
                if (KEY.matcher(lines.get(i)).matches()) {
                    assertThat(lines.get(i - 1)).as("above %s", lines.get(i)).startsWith("# ");
                }
            }
        }
    }

    @Test
    void rolesSetOnlyKeysThereAre() throws IOException {
        try (Stream<Path> roles = Files.list(ROLES)) {
            for (Path role : (Iterable<Path>) roles::iterator) {
                for (Path file : ours(role)) {
                    assertThat(metatype.get(pid(file)).keySet())
                            .as(file.toString())
                            .containsAll(load(file).stringPropertyNames());
                }
            }
        }
    }

    @Test
    void readmeListsEveryKeyWithItsDefault() {
        String readme = read(Path.of("README.md"));
        Map<String, Map<String, String>> tables = new TreeMap<>();
        List<MatchResult> headings = HEADING.matcher(readme).results().toList();
        for (MatchResult heading : headings) {
            int end = readme.indexOf("\n#", heading.end());
            String section = readme.substring(heading.end(), end < 0 ? readme.length() : end);
            tables.put(heading.group(1), keys(ROW.matcher(section).results()));
        }

        assertThat(tables).isEqualTo(metatype);
    }

    // What is configured becomes a service property that every bundle may read.
    @Test
    void noKeyHoldsASecret() {
        Matcher secret =
                Pattern.compile("(?i).*(password|secret|token|private|key)$").matcher("");

        metatype.forEach((pid, keys) -> assertThat(keys.keySet())
                .as(pid)
                .noneMatch(key -> secret.reset(key).matches()));
    }

    private static Map<String, String> keys(Stream<MatchResult> found) {
        Map<String, String> keys = new TreeMap<>();
        found.forEach(m -> keys.put(m.group(1), m.group(2) == null ? "" : m.group(2)));
        return keys;
    }

    private static List<Path> ours(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.getFileName().toString().startsWith("io.skep."))
                    .sorted()
                    .toList();
        }
    }

    private static String pid(Path file) {
        return file.getFileName().toString().replaceAll("\\.cfg$", "");
    }

    private static Properties load(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader in = Files.newBufferedReader(file)) {
            properties.load(in);
        }
        return properties;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
