package io.skep.shell.internal;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.apache.karaf.shell.support.completers.FileCompleter;

/** {@code cloud:apply <file>} creates or changes what a file describes. */
@Service
@Command(scope = "cloud", name = "apply", description = "Creates or changes the objects a YAML or JSON file describes")
public final class ApplyCommand extends CloudCommand {

    private static final long MOST_BYTES = 8L << 20;

    @Argument(name = "file", description = "YAML, with one or more documents, or JSON", required = true)
    @Completion(FileCompleter.class)
    String file;

    @Option(name = "-n", aliases = "--namespace", description = "Namespace of objects that say none")
    @Completion(NamespaceCompleter.class)
    String namespace = DEFAULT_NAMESPACE;

    @Override
    void run(PrintStream out) throws Exception {
        List<Map<?, ?>> documents = Json.documents(read(Path.of(file)));
        if (documents.isEmpty()) {
            throw new CommandException(file + " holds no object");
        }
        List<Apply.Outcome> outcomes = new Apply(objects(), namespace).applyAll(documents, outcome -> {
            if (!json) {
                out.println(outcome.object() + " " + outcome.what());
            }
        });
        if (json) {
            out.println(Json.pretty(outcomes.stream()
                    .map(outcome -> Map.of("object", outcome.object(), "what", outcome.what()))
                    .toList()));
        }
    }

    private static String read(Path path) throws CommandException {
        try {
            if (Files.size(path) > MOST_BYTES) {
                throw new CommandException(path + " is larger than " + (MOST_BYTES >> 20) + " MiB");
            }
            return Files.readString(path);
        } catch (IOException e) {
            throw new CommandException(
                    "cannot read " + path + ": " + e.getClass().getSimpleName(), e);
        }
    }
}
