package io.skep.launcher.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skep.launcher.host.LauncherException;
import io.skep.launcher.host.Trees;
import io.skep.launcher.host.Waiting;
import io.skep.launcher.instance.Home;
import io.skep.launcher.instance.InstalledRole;
import io.skep.launcher.instance.Instance;
import io.skep.launcher.instance.Jvm;
import io.skep.launcher.instance.Monitor;
import io.skep.launcher.instance.Ports;
import io.skep.launcher.instance.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The class-data archive of a role, made once by instances that are started for it on free ports, twice, and thrown away
 * but for what Karaf installed in them ({@link InstalledRole}).
 * With it a role starts faster and in less memory; without it nothing is wrong.
 *
 * <p>A cloud and a node are trained together: TLS, the link and a pod's way are in the archives, too, and nothing of the
 * other role, whose pages would lie between those that are used.
 */
final class ClassDataArchive {

    /** A machine that is five times as slow as two cores of today installs a role in that time, beside another. */
    private static final Duration LIMIT = Duration.ofSeconds(180);

    /** Two archives of 60 MiB, two roles as installed, and what two processes write meanwhile. */
    private static final long NEEDED_MEBIBYTES = 300;

    /** A start that comes soon after a failed training does not try again: it would take its time for nothing. */
    private static final Duration RETRY = Duration.ofHours(1);

    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String POD = "training";

    private ClassDataArchive() {}

    /** Makes the archive of the instance's role, unless there is one of this distribution already. */
    static void make(Instance instance) {
        if (Jvm.of(instance).archived() || failedLately(instance)) {
            return;
        }
        long free = instance.folder().toFile().getUsableSpace() >> 20;
        if (free < NEEDED_MEBIBYTES) {
            System.err.println("starts stay slower: to make them fast takes " + NEEDED_MEBIBYTES + " MiB, and only "
                    + free + " are free at " + instance.folder());
            return;
        }
        System.err.println("preparing this distribution for fast starts (once)");
        Home home = new Home(instance.home().distribution(), instance.home().archives());
        List<Role> roles = instance.role() == Role.SITE ? List.of(Role.SITE) : List.of(Role.CLOUD, Role.EDGE);
        try {
            train(roles.stream()
                    .map(role -> fresh(home.instance(role.id()), role))
                    .toList());
        } catch (LauncherException e) {
            System.err.println("starts stay slower, for the training failed: " + e.getMessage());
            roles.forEach(role -> noteFailure(failure(home, role), e));
        }
    }

    private static void train(List<Instance> training) {
        Instance cloud = training.get(0);
        Instance node = training.get(training.size() - 1);
        try {
            start(training);
            stop(training);
            training.forEach(ClassDataArchive::forget);
            start(training);
            Site.join(cloud, node, LIMIT);
            exercise(Site.api(cloud));
        } finally {
            stop(training);
            training.forEach(ClassDataArchive::keep);
        }
    }

    private static Path failure(Home home, Role role) {
        return home.archives().resolve(role.id() + ".failed");
    }

    private static boolean failedLately(Instance instance) {
        Path failure = failure(instance.home(), instance.role());
        try {
            if (!Files.exists(failure)) {
                return false;
            }
            Duration age = Duration.between(Files.getLastModifiedTime(failure).toInstant(), Instant.now());
            return !age.isNegative() && age.compareTo(RETRY) < 0;
        } catch (IOException e) {
            throw new LauncherException("cannot read " + failure + ": " + e, e);
        }
    }

    private static void noteFailure(Path failure, LauncherException why) {
        try {
            Files.writeString(failure, why.getMessage() + "\n");
        } catch (IOException e) {
            System.err.println("the next start will try it again, for " + failure + " cannot be written: " + e);
        }
    }

    private static Instance fresh(Instance training, Role role) {
        Trees.delete(training.folder());
        training.create(role);
        training.configure(Ports.free());
        // The node's engine may have containers and images that are not the training's, and need not have a network
        // yet.
        training.set("io.skep.runtime.cri", Map.of("owner", "training"));
        training.set("io.skep.edged", Map.of("runtime.default", "process"));
        InstalledRole.of(training).discard();
        try {
            Files.deleteIfExists(Jvm.of(training).archive());
        } catch (IOException e) {
            throw new LauncherException("cannot replace " + Jvm.of(training).archive() + ": " + e, e);
        }
        return training;
    }

    private static void start(List<Instance> training) {
        training.forEach(each -> each.start(Map.of()));
        training.forEach(each -> {
            Monitor monitor = new Monitor(each);
            Waiting.until(LIMIT, () -> monitor.ready() || each.process().isEmpty());
        });
    }

    private static void stop(List<Instance> training) {
        training.forEach(each -> each.stop(LIMIT));
    }

    /** Drops what the role itself keeps, so that what only a first start needs is in the archive, too. */
    private static void forget(Instance training) {
        for (String kept : List.of("edged", "edgehub", "kube", "store")) {
            try (Stream<Path> files = Files.list(training.data().resolve(kept))) {
                files.forEach(Trees::delete);
            } catch (IOException e) {
                throw new LauncherException("cannot empty " + training.data().resolve(kept) + ": " + e, e);
            }
        }
    }

    private static void keep(Instance trained) {
        try {
            if (Jvm.of(trained).archived()) {
                InstalledRole.of(trained).keep(trained);
            }
        } catch (LauncherException e) {
            System.err.println("first starts stay slower: " + e.getMessage());
        } finally {
            Trees.delete(trained.folder());
        }
    }

    /** A pod that ends by itself, and is gone from the machine before the instance is. */
    private static void exercise(KubeApi api) {
        Waiting.until(LIMIT, () -> Site.hasReadyNode(api));
        api.apply(pod());
        Waiting.until(
                LIMIT,
                () -> api.get(PODS + "/" + POD)
                        .filter(pod -> pod.at("/status/phase").asText().equals("Succeeded"))
                        .isPresent());
        api.delete(PODS + "/" + POD);
        Waiting.until(LIMIT, () -> api.get(PODS + "/" + POD).isEmpty());
    }

    private static ObjectNode pod() {
        ObjectNode pod =
                new ObjectMapper().createObjectNode().put("apiVersion", "v1").put("kind", "Pod");
        pod.putObject("metadata").put("name", POD).put("namespace", "default");
        ObjectNode spec = pod.putObject("spec")
                .put("runtimeClassName", "process")
                .put("hostNetwork", true)
                .put("restartPolicy", "Never");
        ObjectNode container =
                spec.putArray("containers").addObject().put("name", "main").put("image", "none");
        container.putArray("command").add("true");
        return pod;
    }
}
