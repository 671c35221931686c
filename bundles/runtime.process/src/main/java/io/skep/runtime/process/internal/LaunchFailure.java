package io.skep.runtime.process.internal;

/** What the {@code launch} script's report means, in the words runc uses, which people search for. */
final class LaunchFailure {

    private LaunchFailure() {}

    /** @param report for example {@code failed exec 127} */
    static String explain(String report, String command, String workingFolder) {
        if (report.contains("failed chdir")) {
            return "working directory \"" + workingFolder + "\" can't be entered: no such folder or no permission";
        }
        if (report.contains("failed exec 126")) {
            return "exec: \"" + command + "\": permission denied";
        }
        if (report.contains("failed exec")) {
            return command.contains("/")
                    ? "exec: \"" + command + "\": stat " + command + ": no such file or directory"
                    : "exec: \"" + command + "\": executable file not found in $PATH";
        }
        return "exec: \"" + command + "\": can't be prepared: " + report.replace('\n', ' ');
    }
}
