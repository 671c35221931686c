package io.skep.kube.embedded.internal.scheduler;

import io.skep.kube.api.Doc;
import io.skep.kube.api.Quantity;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;

/**
 * Amounts by resource name, in base units.
 *
 * @param amounts what is absent is zero
 */
record Resources(Map<String, BigDecimal> amounts) {

    static final Resources NONE = new Resources(Map.of());

    Resources {
        amounts = Map.copyOf(amounts);
    }

    static Resources of(Doc quantities) {
        Map<String, BigDecimal> amounts = new LinkedHashMap<>();
        quantities
                .asMap()
                .forEach((name, text) ->
                        amounts.put(name, Quantity.parse(String.valueOf(text)).amount()));
        return new Resources(amounts);
    }

    /**
     * What a pod asks for: its containers together, or its greediest init container if that is more, and what its sandbox
     * costs.
     *
     * <p>Source: Kubernetes {@code pkg/api/v1/resource/helpers.go}.
     */
    static Resources requestedBy(Doc spec) {
        Resources running = NONE;
        Resources starting = NONE;
        for (Doc container : spec.objects("containers")) {
            running = running.plus(requests(container));
        }
        Resources sidecars = NONE;
        for (Doc container : spec.objects("initContainers")) {
            if ("Always".equals(container.text("restartPolicy"))) {
                sidecars = sidecars.plus(requests(container));
            } else {
                starting = starting.max(sidecars.plus(requests(container)));
            }
        }
        return running.plus(sidecars).max(starting).plus(of(spec.object("overhead")));
    }

    private static Resources requests(Doc container) {
        return of(container.object("resources", "requests"));
    }

    BigDecimal get(String name) {
        return amounts.getOrDefault(name, BigDecimal.ZERO);
    }

    Resources plus(Resources other) {
        return combined(other, BigDecimal::add);
    }

    private Resources max(Resources other) {
        return combined(other, BigDecimal::max);
    }

    private Resources combined(Resources other, BinaryOperator<BigDecimal> how) {
        Map<String, BigDecimal> result = new LinkedHashMap<>(amounts);
        other.amounts.forEach((name, amount) -> result.merge(name, amount, how));
        return new Resources(result);
    }

    /** The names asked for, in order. */
    List<String> names() {
        return amounts.keySet().stream().sorted().toList();
    }
}
