package io.skep.launcher.doctor;

import io.skep.launcher.host.Programs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Certificates and tokens live and die by the clock. */
final class ClockCheck {

    /** Before this, the machine has not learnt the time since it was switched on. */
    private static final Instant SANE = Instant.parse("2025-01-01T00:00:00Z");

    private static final Instant FAR = Instant.parse("2100-01-01T00:00:00Z");
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private ClockCheck() {}

    static List<Finding> ofThisMachine() {
        List<Finding> findings = new ArrayList<>();
        findings.add(clock(Instant.now()));
        Programs.output(LIMIT, "timedatectl", "show", "--property=NTPSynchronized", "--value")
                .or(() -> Programs.output(LIMIT, "adjtimex", "--print").flatMap(ClockCheck::ofKernel))
                .ifPresent(answer -> findings.add(synchronised(answer)));
        return findings;
    }

    static Finding clock(Instant now) {
        return now.isAfter(SANE) && now.isBefore(FAR)
                ? Finding.ok("clock", now.toString())
                : Finding.error("clock", now.toString(), "set the time: certificates are not valid at this one");
    }

    /** From {@code timedatectl}'s yes or no. */
    static Finding synchronised(String answer) {
        return answer.strip().equals("yes")
                ? Finding.ok("time service", "synchronised")
                : Finding.warning(
                        "time service",
                        "not synchronised",
                        "timedatectl set-ntp true, or install chrony; certificates fail when the clock is off");
    }

    /** Status bit 64 (STA_UNSYNC) of what {@code adjtimex --print} says, as yes or no. */
    static Optional<String> ofKernel(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> line.matches("status: \\d+.*"))
                .map(line -> Long.parseLong(line.replaceAll("status: (\\d+).*", "$1")))
                .map(status -> (status & 64) == 0 ? "yes" : "no")
                .findFirst();
    }
}
