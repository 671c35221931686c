package io.skep.edged.internal.pod;

import java.time.Duration;

/**
 * How long pods get to end before the machine goes down.
 *
 * @param grace all of them together; zero lets them run until the machine ends them
 * @param critical the part of {@code grace} that is kept for the critical ones, which end last
 */
public record ShutdownPolicy(Duration grace, Duration critical) {

    /** Half a minute, a third of it for critical pods, as Kubernetes' documentation proposes. */
    public static final ShutdownPolicy DEFAULT = new ShutdownPolicy(Duration.ofSeconds(30), Duration.ofSeconds(10));
}
