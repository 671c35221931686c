package io.skep.runtime.process.internal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds a container's processes, those that ran away from its process group too, and signals them. Blocks. */
final class Killer {

    private static final Logger LOG = LoggerFactory.getLogger(Killer.class);

    /** Variable by which a container's processes are known wherever they went. */
    static final String ID_VARIABLE = "SKEP_CONTAINER_ID";

    private static final long KERNELS_GROUP = 0;

    private final ProcFiles proc;
    private final Cgroups cgroups;
    private final Steps steps;

    Killer(ProcFiles proc, Cgroups cgroups, Steps steps) {
        this.proc = proc;
        this.cgroups = cgroups;
        this.steps = steps;
    }

    /** Asks the container's process group to end. */
    void terminate(ProcessIdentity leader) {
        if (ours(leader)) {
            signal("TERM", List.of("-" + leader.pid()));
        }
    }

    /**
     * Kills all its processes, those born meanwhile too.
     *
     * @param leader its first process, null when it is not known
     * @return whether none is left after {@code limit}
     */
    boolean killAll(String containerId, ProcessIdentity leader, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        Set<Long> members = members(containerId, leader);
        while (!members.isEmpty()) {
            signal("KILL", members.stream().map(String::valueOf).toList());
            if (System.nanoTime() > deadline || !pause()) {
                LOG.warn("processes survive a kill: container={} pids={}", containerId, members);
                return false;
            }
            members = members(containerId, leader);
        }
        return true;
    }

    /** Gives back the cgroups of a container that nobody knows any more, once its processes are gone. */
    void release(String containerId) {
        cgroups.remove(containerId);
    }

    /** Its live processes: of its session and group, of its cgroup, and whoever carries its id. */
    Set<Long> members(String containerId, ProcessIdentity leader) {
        Set<Long> members = new TreeSet<>(cgroups.members(containerId));
        long group = leader != null && ours(leader) ? leader.pid() : -1;
        long oldest = leader == null ? 0 : leader.startTicks();
        for (ProcessStat each : proc.all()) {
            boolean candidate = each.startTicks() >= oldest && each.group() != KERNELS_GROUP;
            if (candidate
                    && (each.session() == group
                            || each.group() == group
                            || proc.hasVariable(each.pid(), ID_VARIABLE + "=" + containerId))) {
                members.add(each.pid());
            }
        }
        members.removeIf(pid -> proc.stat(pid).filter(ProcessStat::alive).isEmpty());
        return members;
    }

    /** Whether the number still means this process or its group: the process is gone, or it is this one. */
    private boolean ours(ProcessIdentity leader) {
        return leader.bootId().equals(proc.bootId())
                && proc.stat(leader.pid())
                        .filter(stat -> stat.startTicks() != leader.startTicks())
                        .isEmpty();
    }

    void signal(String name, List<String> targets) {
        List<String> batch = new ArrayList<>(targets.subList(0, Math.min(1000, targets.size())));
        try {
            if (!Commands.quiet(steps.signal(name, batch)).start().waitFor(10, TimeUnit.SECONDS)) {
                LOG.warn("signal not sent in time: signal={} targets={}", name, batch);
            }
        } catch (IOException e) {
            LOG.error("cannot send a signal: signal={} targets={}", name, batch, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(5);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
