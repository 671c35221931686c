package io.skep.kube.api;

import java.util.Locale;

/** The Kubernetes API that Skep serves, as {@code /version} tells it. */
public final class ServerVersion {

    /** Minor version of the API. */
    public static final String MINOR = "31";

    /** What clients compare with. */
    public static final String VERSION = "v1." + MINOR + ".0";

    private static final SourceState SOURCE = SourceState.ofThisBundle();

    private ServerVersion() {}

    /** The answer to {@code GET /version}, {@code version.Info}. */
    public static Doc describe() {
        return Doc.EMPTY
                .with("1", "major")
                .with(MINOR, "minor")
                .with(VERSION + "+skep", "gitVersion")
                .with(SOURCE.commit(), "gitCommit")
                .with(SOURCE.treeState(), "gitTreeState")
                .with(SOURCE.date().toString(), "buildDate")
                .with("", "goVersion")
                .with("javac", "compiler")
                .with(
                        System.getProperty("os.name").toLowerCase(Locale.ROOT) + "/" + System.getProperty("os.arch"),
                        "platform");
    }
}
