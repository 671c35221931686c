package io.skep.launcher.bench;

import java.util.Map;

/**
 * What we allow ourselves, beside a peer measured on two cores: KubeEdge v1.22.1's EdgeCore and CloudCore, Kubernetes 1.31
 * and containerd 1.6.20 on one machine.
 *
 * @param ours at most (rates: at least)
 * @param peer what was measured there, or {@code -}
 */
record BenchBudget(String ours, String peer) {

    private static final BenchBudget NONE = new BenchBudget("-", "-");

    private static final Map<String, BenchBudget> ALL = Map.ofEntries(
            Map.entry("bus one way", new BenchBudget("400,000 msg/s", "410,000 msg/s")),
            Map.entry("bus request p50", new BenchBudget("15 us", "5 us")),
            Map.entry("pod create to Running, p50", new BenchBudget("300 ms", "980 ms (containerd)")),
            Map.entry("10 pods at once, all Running", new BenchBudget("1,600 ms", "3,760 ms (containerd)")),
            Map.entry("60 pods at once, all Running", new BenchBudget("11,000 ms", "20,200 ms (containerd)")),
            Map.entry("pod delete with grace 0, gone, p50", new BenchBudget("150 ms", "-")),
            Map.entry("bare runtime: pod, p50", new BenchBudget("-", "228 ms")),
            Map.entry("bare runtime: 10 pods at once", new BenchBudget("-", "1,150-1,500 ms")),
            Map.entry("bare runtime: 60 pods at once", new BenchBudget("-", "8,700 ms")),
            Map.entry("killed node restarted offline, app serves", new BenchBudget("2,500 ms", "1,100 ms")),
            Map.entry("edge idle: resident", new BenchBudget("160 MiB", "84 MiB")),
            Map.entry("edge with 20 pods: resident", new BenchBudget("170 MiB", "-")),
            Map.entry("edge with 60 pods: resident", new BenchBudget("180 MiB", "101 MiB")),
            Map.entry("cloud with one node: resident", new BenchBudget("250 MiB", "900 MiB")));

    private static final String HUB = "edgehub";
    private static final int HUB_PAUSE = 200;
    private static final int PAUSE = 500;

    static BenchBudget of(String what) {
        if (what.startsWith("pause of ")) {
            String bundle = what.substring("pause of ".length()).split(",")[0];
            return new BenchBudget(
                    pauseMillis(bundle) + " ms", bundle.equals(HUB) ? "300-2,000 ms (whole process)" : "-");
        }
        return ALL.getOrDefault(what, NONE);
    }

    /** How long messages to a module may wait while it is replaced, in milliseconds. */
    static int pauseMillis(String bundle) {
        return bundle.equals(HUB) ? HUB_PAUSE : PAUSE;
    }
}
