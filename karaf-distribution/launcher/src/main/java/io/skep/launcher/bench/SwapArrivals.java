package io.skep.launcher.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skep.launcher.command.KubeApi;
import io.skep.launcher.host.LauncherException;
import io.skep.launcher.host.Waiting;
import io.skep.launcher.instance.Instance;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Compares what the cloud's user has said last with what the node has, and what the node has done with what the cloud says. */
record SwapArrivals(Instance edge, KubeApi api) {

    private static final JsonFactory JSON = new ObjectMapper().getFactory();

    /** The last change of each object has to be on the node, and the pods' last state in the cloud. */
    List<String> faults(SwapChanges changes) {
        List<String> faults = new ArrayList<>();
        Map<String, String> wanted = new HashMap<>();
        IntStream.range(0, SwapPods.PODS)
                .forEach(i -> wanted.put("ConfigMap " + SwapPods.name(i), Integer.toString(changes.value(i))));
        IntStream.range(0, SwapPods.CHANGING)
                .forEach(i -> wanted.put("Pod " + SwapPods.name(i), Integer.toString(changes.round())));
        Waiting.until(BenchCluster.LIMIT, () -> present().equals(wanted));
        Map<String, String> present = present();
        wanted.forEach((object, value) -> {
            if (!value.equals(present.get(object))) {
                faults.add(object + " on the node has " + present.get(object) + ", the last in the cloud was " + value);
            }
        });
        for (int i = 0; i < SwapPods.PODS; i++) {
            String path = SwapPods.podPath(i);
            boolean ready = i >= SwapPods.CHANGING || changes.areReady();
            if (!Waiting.until(
                    BenchCluster.LIMIT, () -> KubeApi.condition(api.get(path).orElseThrow(), "Ready") == ready)) {
                faults.add("the cloud does not see " + SwapPods.name(i) + (ready ? " ready" : " unready"));
            }
            int restarts = api.get(path)
                    .orElseThrow()
                    .at("/status/containerStatuses/0/restartCount")
                    .asInt();
            if (restarts != 0) {
                faults.add(SwapPods.name(i) + " is said to have been restarted " + restarts + " times");
            }
        }
        return faults;
    }

    private Map<String, String> present() {
        String[] commands = Stream.concat(
                        IntStream.range(0, SwapPods.PODS).mapToObj(i -> "configmap/" + SwapPods.name(i)),
                        IntStream.range(0, SwapPods.CHANGING).mapToObj(i -> "pod/" + SwapPods.name(i)))
                .map(resource -> "edge:meta --json default/" + resource)
                .collect(Collectors.joining(" ; "))
                .split(" ");
        String answer = BenchCluster.shell(edge, commands);
        Map<String, String> found = new HashMap<>();
        try (JsonParser all = JSON.createParser(answer.substring(Math.max(0, answer.indexOf('['))))) {
            for (JsonNode list = all.readValueAsTree(); list != null; list = all.readValueAsTree()) {
                JsonNode object = list.path(0);
                boolean isPod = object.has("spec");
                found.put(
                        (isPod ? "Pod " : "ConfigMap ")
                                + object.at("/metadata/name").asText(),
                        object.at(isPod ? "/metadata/annotations/skep.io~1bench" : "/data/value")
                                .asText());
            }
        } catch (IOException e) {
            throw new LauncherException("cannot read what the node has: " + e, e);
        }
        return found;
    }
}
