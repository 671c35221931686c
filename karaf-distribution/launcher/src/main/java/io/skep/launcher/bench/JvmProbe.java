package io.skep.launcher.bench;

import io.skep.launcher.host.LauncherException;
import io.skep.launcher.instance.Instance;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks a running JVM what it holds, by the JDK's {@code jcmd}; each look is preceded by a full collection. */
final class JvmProbe {

    private static final String LOADER = "org.apache.felix.framework.BundleWiringImpl$BundleClassLoader";
    private static final Pattern ROW = Pattern.compile("^\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+(\\S+)");
    private static final Pattern METASPACE = Pattern.compile("Metaspace\\s+used\\s+(\\d+)K");

    private final long pid;

    JvmProbe(Instance instance) {
        pid = instance.process()
                .orElseThrow(() -> new LauncherException("instance '" + instance.name() + "' does not run"))
                .pid();
    }

    /**
     * What bundles left in the heap.
     *
     * @param loaders class loaders of bundles
     * @param twice our classes of which objects of more than one loader live, and of how many
     */
    record Held(long loaders, Map<String, Integer> twice) {}

    Held held() {
        // What a collection finds unreachable by finalisers and cleaners only is gone after the next.
        ask("GC.class_histogram");
        return parse(ask("GC.class_histogram"));
    }

    static Held parse(String histogram) {
        long loaders = 0;
        Map<String, Integer> rows = new TreeMap<>();
        for (String line : (Iterable<String>) histogram.lines()::iterator) {
            Matcher row = ROW.matcher(line);
            if (!row.find()) {
                continue;
            }
            if (row.group(2).equals(LOADER)) {
                loaders += Long.parseLong(row.group(1));
            } else if (row.group(2).startsWith("io.skep.")) {
                rows.merge(row.group(2), 1, Integer::sum);
            }
        }
        rows.values().removeIf(count -> count == 1);
        return new Held(loaders, rows);
    }

    /** Metaspace in use, in KiB. */
    long metaspace() {
        Matcher line = METASPACE.matcher(ask("GC.heap_info"));
        if (!line.find()) {
            throw new LauncherException("jcmd says nothing of metaspace");
        }
        return Long.parseLong(line.group(1));
    }

    private String ask(String what) {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        try {
            Process process = new ProcessBuilder(jcmd, Long.toString(pid), what)
                    .redirectErrorStream(true)
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new LauncherException("jcmd " + what + " failed: " + text.strip());
            }
            return text;
        } catch (IOException e) {
            throw new LauncherException("cannot run " + jcmd + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted while asking a JVM", e);
        }
    }
}
