package io.skep.shell.internal;

import io.skep.core.api.operation.PackageSource;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.Selector;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.apache.karaf.shell.support.completers.FileCompleter;

/** {@code cloud:module-upgrade} replaces a module on nodes, through their links. */
@Service
@Command(
        scope = "cloud",
        name = "module-upgrade",
        description = "Replaces a module on nodes while it runs, one after the other; stops at the first failure")
public final class ModuleRolloutCommand extends CloudCommand {

    private static final int MOST_AT_ONCE = 64;

    @Argument(index = 0, name = "nodes", description = "A node, or a label selector such as zone=a", required = true)
    @Completion(NodeNameCompleter.class)
    String nodes;

    @Argument(index = 1, name = "module", description = "Name of the module", required = true)
    String module;

    @Argument(
            index = 2,
            name = "file",
            description = "A bundle or KAR here: a file, or mvn:group/artifact/version",
            required = true)
    @Completion(FileCompleter.class)
    String file;

    @Option(name = "--sha256", description = "SHA-256 the file must have, in hexadecimal")
    String checksum;

    @Option(name = "--force", description = "Also takes a lower version")
    boolean force;

    @Option(name = "--parallel", description = "Nodes at once")
    int parallel = 1;

    @Option(name = "--timeout", description = "Seconds a node may take")
    int timeout = 300;

    @Override
    void run(PrintStream out) throws Exception {
        if (parallel < 1 || parallel > MOST_AT_ONCE || timeout < 1) {
            throw new CommandException("--parallel is 1 to " + MOST_AT_ONCE + ", --timeout at least 1");
        }
        if (bus == null) {
            throw new CommandException("there is no message bus here: install the feature edge-core");
        }
        List<String> chosen = chosen();
        PackageSource source = OperationCommand.source(file, checksum);
        List<NodeResult> results;
        try (RolloutPackage copy = RolloutPackage.fetch(source.address(), source.checksum())) {
            results = Rollout.run(
                    chosen,
                    parallel,
                    node -> new NodeUpgrade(bus, node, module, copy, force).run(Duration.ofSeconds(timeout)),
                    result -> {});
        }
        if (json) {
            out.println(Json.pretty(results.stream().map(NodeResult::tree).toList()));
        } else {
            table(results).print(out);
        }
        long failed = results.stream().filter(r -> !r.succeeded()).count();
        if (failed > 0) {
            throw new CommandException(
                    module + " was not replaced on " + failed + " of " + results.size() + " nodes: " + first(results));
        }
    }

    private static String first(List<NodeResult> results) {
        return results.stream()
                .filter(r -> !r.succeeded() && !r.outcome().equals("NOT_BEGUN"))
                .findFirst()
                .map(r -> r.node() + " " + r.outcome() + ": " + r.reason())
                .orElse("");
    }

    private List<String> chosen() throws CommandException {
        boolean selector = Stream.of("=", "!", ",", "(").anyMatch(nodes::contains);
        ListOptions options = selector ? ListOptions.ALL.withLabels(Selector.parse(nodes)) : ListOptions.ALL;
        List<String> names = objects().list(Kinds.NODE, "", options).items().stream()
                .map(KubeObject::name)
                .filter(name -> selector || name.equals(nodes))
                .toList();
        if (names.isEmpty()) {
            throw new CommandException("there is no node " + nodes + ": see cloud:nodes");
        }
        return names;
    }

    private static Table table(List<NodeResult> results) {
        return new Table(
                List.of("NODE", "OUTCOME", "PAUSE", "BUNDLE", "REASON"),
                results.stream()
                        .map(r -> List.of(r.node(), r.outcome(), r.pause(), r.change(), r.reason()))
                        .toList(),
                "");
    }
}
