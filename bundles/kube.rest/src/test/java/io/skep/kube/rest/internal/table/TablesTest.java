package io.skep.kube.rest.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.rest.internal.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TablesTest {

    private static final Instant NOW = Instant.parse("2026-11-23T04:30:00Z");

    @SuppressWarnings("unchecked")
    private static KubeObject object(String json) {
        return KubeObject.of(
                (Map<String, Object>) Json.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @CsvSource({
        "-5, <invalid>",
        "0, 0s",
        "119, 119s",
        "120, 2m",
        "280, 4m40s",
        "600, 10m",
        "4920, 82m",
        "10800, 3h",
        "12600, 3h30m",
        "86400, 24h",
        "172800, 2d",
        "190800, 2d5h",
        "864000, 10d",
        "63072000, 2y",
        "68256000, 2y60d",
        "315360000, 10y"
    })
    void agesAreShortened(long seconds, String text) {
        assertThat(Ages.text(Duration.ofSeconds(seconds))).isEqualTo(text);
    }

    /** As the recorded server shows EdgeCore's node. */
    @Test
    void nodeShowsStatusRolesAndAddresses() {
        KubeObject node = object("{'metadata':{'name':'edge-1','creationTimestamp':'2026-11-23T04:20:00Z','labels':{"
                + "'node-role.kubernetes.io/edge':'','node-role.kubernetes.io/agent':''}},"
                + "'spec':{'unschedulable':true},'status':{'conditions':[{'type':'Ready','status':'True'}],"
                + "'addresses':[{'type':'InternalIP','address':'192.0.2.2'},{'type':'Hostname','address':'edge-1'}],"
                + "'nodeInfo':{'kubeletVersion':'v1.31.12','osImage':'Debian GNU/Linux 12 (bookworm)',"
                + "'kernelVersion':'6.18.44','containerRuntimeVersion':'containerd://1.6.20'}}}");

        assertThat(new NodePrinter().cells(node, NOW))
                .containsExactly(
                        "edge-1",
                        "Ready,SchedulingDisabled",
                        "agent,edge",
                        "10m",
                        "v1.31.12",
                        "192.0.2.2",
                        "<none>",
                        "Debian GNU/Linux 12 (bookworm)",
                        "6.18.44",
                        "containerd://1.6.20");
    }

    @Test
    void nodeWithoutAnythingIsUnknown() {
        assertThat(new NodePrinter().cells(object("{'metadata':{'name':'n'}}"), NOW))
                .containsExactly(
                        "n",
                        "Unknown",
                        "<none>",
                        "<unknown>",
                        "",
                        "<none>",
                        "<none>",
                        "<unknown>",
                        "<unknown>",
                        "<unknown>");
    }

    @Test
    void eventShowsWhenWhatAndAboutWhom() {
        KubeObject event = object("{'metadata':{'name':'web.1'},'type':'Normal','reason':'Scheduled',"
                + "'involvedObject':{'kind':'Pod','name':'web'},'message':'assigned\\n',"
                + "'eventTime':'2026-11-23T04:29:52.000000Z','reportingComponent':'default-scheduler',"
                + "'reportingInstance':'vm','firstTimestamp':null,'lastTimestamp':null}");

        assertThat(new EventPrinter().cells(event, NOW))
                .containsExactly(
                        "8s",
                        "Normal",
                        "Scheduled",
                        "pod/web",
                        "",
                        "default-scheduler, vm",
                        "assigned",
                        "8s",
                        1L,
                        "web.1");
    }

    @Test
    @SuppressWarnings("unchecked")
    void runtimeClassShowsItsHandler() {
        KubeObject kata = object(
                "{'metadata':{'name':'kata','creationTimestamp':'2026-11-23T04:20:00Z'}," + "'handler':'kata-qemu'}");

        Map<String, Object> table = new Tables(() -> NOW)
                .table(Kinds.RUNTIME_CLASS, List.of(kata), "v1", Map.of(), Tables.Include.NONE, true);

        assertThat((List<Map<String, Object>>) table.get("columnDefinitions"))
                .extracting(column -> column.get("name"))
                .containsExactly("Name", "Handler", "Age");
        assertThat((List<Map<String, Object>>) table.get("rows"))
                .extracting(row -> row.get("cells"))
                .containsExactly(List.of("kata", "kata-qemu", "10m"));
    }

    @Test
    void repeatedEventShowsItsSeries() {
        KubeObject event = object("{'metadata':{'name':'e'},'eventTime':'2026-11-23T04:20:00.000000Z',"
                + "'series':{'count':7,'lastObservedTime':'2026-11-23T04:29:00.000000Z'},'involvedObject':{}}");

        List<Object> cells = new EventPrinter().cells(event, NOW);

        assertThat(cells.get(0)).isEqualTo("60s");
        assertThat(cells.get(7)).isEqualTo("10m");
        assertThat(cells.get(8)).isEqualTo(7L);
    }
}
