package io.skep.shell.internal;

import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.karaf.shell.support.CommandException;

/** Finds kinds by any of the names kubectl takes. */
final class KindNames {

    private KindNames() {}

    static ResourceKind find(ResourceStore store, String name) throws CommandException {
        String wanted = name.toLowerCase(Locale.ROOT);
        return store.kinds().stream()
                .filter(kind -> names(kind).anyMatch(wanted::equals))
                .findFirst()
                .orElseThrow(() -> new CommandException("the server doesn't have a resource type \"" + name
                        + "\": it has " + String.join(", ", plurals(store))));
    }

    private static Stream<String> names(ResourceKind kind) {
        List<String> names = new ArrayList<>(kind.shortNames());
        names.add(kind.plural());
        names.add(kind.singular());
        names.add(kind.qualifiedPlural());
        return names.stream();
    }

    static List<String> plurals(ResourceStore store) {
        return store.kinds().stream().map(ResourceKind::plural).sorted().toList();
    }
}
