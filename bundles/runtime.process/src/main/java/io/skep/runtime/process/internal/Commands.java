package io.skep.runtime.process.internal;

import java.io.File;
import java.util.List;
import java.util.Map;

/** Process builders for the machine's programs: nothing of our own environment, streams or arguments goes along. */
final class Commands {

    static final String DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    private static final File NOWHERE = new File("/dev/null");

    private Commands() {}

    /** A command that reads nothing and whose output nobody wants. */
    static ProcessBuilder quiet(List<String> command) {
        return bare(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
    }

    /** A command that reads nothing. */
    static ProcessBuilder bare(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(NOWHERE);
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", DEFAULT_PATH);
        return builder;
    }
}
