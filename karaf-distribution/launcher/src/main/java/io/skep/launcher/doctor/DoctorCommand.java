package io.skep.launcher.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skep.launcher.instance.Home;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        description = "Looks at what this machine gives a node, and says how to mend what is missing."
                + " Exit code 1 when something must be mended.",
        mixinStandardHelpOptions = true)
public final class DoctorCommand implements Callable<Integer> {

    @Option(names = "--json", description = "Prints JSON")
    private boolean json;

    @Override
    public Integer call() {
        Home home = Home.fromSystem();
        List<Finding> findings = new ArrayList<>(new MachineCheck(home.instances()).findings());
        findings.addAll(CgroupCheck.ofThisMachine().findings());
        findings.addAll(ContainerdCheck.ofThisMachine());
        findings.addAll(EngineCheck.of(home));
        findings.addAll(ClockCheck.ofThisMachine());
        findings.addAll(PortCheck.of(home));
        System.out.println(json ? json(findings) : text(findings));
        return exitCode(findings);
    }

    static int exitCode(List<Finding> findings) {
        return findings.stream().anyMatch(f -> f.level() == Finding.Level.ERROR) ? 1 : 0;
    }

    static String text(List<Finding> findings) {
        return String.join("\n", findings.stream().map(Finding::line).toList());
    }

    static String json(List<Finding> findings) {
        try {
            return new ObjectMapper()
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(findings.stream().map(Finding::json).toList());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
