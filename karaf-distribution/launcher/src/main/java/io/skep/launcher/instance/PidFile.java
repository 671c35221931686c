package io.skep.launcher.instance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A pid with the process's start in the kernel's ticks and the id of the boot they count from, so that a pid the system gave
 * to somebody else is not taken for ours. A start by the clock would be another one as soon as somebody sets the clock.
 */
public final class PidFile {

    private static final Path PROC = Path.of("/proc");
    private static final Path BOOT_ID = PROC.resolve("sys/kernel/random/boot_id");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    /** Fields 3 and 22 of {@code /proc/<pid>/stat}, counted from the third: a program's name may hold blanks. */
    private static final int STATE = 0;

    private static final int START_TICKS = 22 - 3;

    private PidFile() {}

    static void write(Path file, ProcessHandle process) {
        try {
            Files.writeString(file, process.pid() + " " + start(process) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Optional<ProcessHandle> read(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String[] parts = Instance.read(file).strip().split(" ", 2);
        if (parts.length != 2 || !NUMBER.matcher(parts[0]).matches()) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(parts[0])).filter(PidFile::runs).filter(p -> start(p).equals(parts[1]));
    }

    /**
     * Whether a process can still do something. The JDK takes one for alive that has ended until its parent asks for its
     * code: for good where an orphan's new parent never does, as in many a container.
     */
    public static boolean runs(ProcessHandle process) {
        String[] stat = stat(process);
        return stat.length > 0 && !stat[STATE].equals("Z") && !stat[STATE].equals("X");
    }

    /** Empty for one that is gone. */
    private static String start(ProcessHandle process) {
        String[] stat = stat(process);
        try {
            return stat.length == 0
                    ? ""
                    : stat[START_TICKS] + " " + Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** None for one that is gone. */
    private static String[] stat(ProcessHandle process) {
        try {
            String stat = Files.readString(PROC.resolve(process.pid() + "/stat"));
            return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        } catch (IOException e) {
            return new String[0];
        }
    }
}
