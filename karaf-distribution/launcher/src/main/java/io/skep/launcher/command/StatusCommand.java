package io.skep.launcher.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.skep.launcher.instance.Home;
import io.skep.launcher.instance.Instance;
import io.skep.launcher.instance.Monitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "status",
        description = "Shows the instances. Exit code 0 when all that run are ready, 1 otherwise.",
        mixinStandardHelpOptions = true)
public final class StatusCommand implements Callable<Integer> {

    @Option(names = "--json", description = "Prints JSON")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        List<Map<String, Object>> rows =
                Home.fromSystem().all().stream().map(StatusCommand::row).toList();
        if (json) {
            System.out.println(
                    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(rows));
        } else if (rows.isEmpty()) {
            System.out.println("no instances yet: 'skep up' or 'skep demo' makes them");
        } else {
            System.out.printf("%-16s %-6s %-8s %-8s %-8s %s%n", "NAME", "ROLE", "PID", "READY", "MEMORY", "FOLDER");
            rows.forEach(r -> System.out.printf(
                    "%-16s %-6s %-8s %-8s %-8s %s%n",
                    r.get("name"),
                    r.get("role"),
                    r.get("pid"),
                    r.get("ready"),
                    r.get("memoryMegabytes") + "M",
                    r.get("folder")));
        }
        boolean down = rows.stream()
                .anyMatch(r -> !r.get("pid").equals(0L) && r.get("ready").equals(false));
        return down ? 1 : 0;
    }

    private static Map<String, Object> row(Instance instance) {
        Map<String, Object> row = new LinkedHashMap<>();
        long pid = instance.process().map(ProcessHandle::pid).orElse(0L);
        row.put("name", instance.name());
        row.put("role", instance.role().id());
        row.put("pid", pid);
        row.put("ready", pid != 0 && new Monitor(instance).ready());
        row.put("memoryMegabytes", pid == 0 ? 0 : residentMegabytes(pid));
        row.put("folder", instance.folder().toString());
        return row;
    }

    /** Resident memory as the kernel counts it, in MiB; 0 for a process that is gone. */
    public static long residentMegabytes(long pid) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                    .filter(l -> l.startsWith("VmRSS:"))
                    .mapToLong(l -> Long.parseLong(l.replaceAll("\\D", "")) / 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }
}
