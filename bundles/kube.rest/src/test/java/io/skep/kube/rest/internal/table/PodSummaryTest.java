package io.skep.kube.rest.internal.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.KubeObject;
import io.skep.kube.rest.internal.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodSummaryTest {

    private static final Instant NOW = Instant.parse("2026-11-23T05:00:00Z");

    @SuppressWarnings("unchecked")
    private static KubeObject pod(String json) {
        return KubeObject.of(
                (Map<String, Object>) Json.read(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }

    private static KubeObject podWithStatus(String status) {
        return pod("{'metadata':{'name':'p'},'spec':{'containers':[{'name':'a'}]},'status':" + status + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Pending           | {'phase':'Pending'}",
                "ContainerCreating | {'phase':'Pending','containerStatuses':[{'name':'a',"
                        + "'state':{'waiting':{'reason':'ContainerCreating'}}}]}",
                "CrashLoopBackOff  | {'phase':'Running','containerStatuses':[{'name':'a','restartCount':2,"
                        + "'state':{'waiting':{'reason':'CrashLoopBackOff'}}}]}",
                "Running           | {'phase':'Running','containerStatuses':[{'name':'a','ready':true,"
                        + "'state':{'running':{}}}]}",
                "Completed         | {'phase':'Succeeded','containerStatuses':[{'name':'a',"
                        + "'state':{'terminated':{'exitCode':0,'reason':'Completed'}}}]}",
                "Error             | {'phase':'Failed','containerStatuses':[{'name':'a',"
                        + "'state':{'terminated':{'exitCode':1,'reason':'Error'}}}]}",
                "ExitCode:3        | {'phase':'Failed','containerStatuses':[{'name':'a',"
                        + "'state':{'terminated':{'exitCode':3}}}]}",
                "Signal:9          | {'phase':'Failed','containerStatuses':[{'name':'a',"
                        + "'state':{'terminated':{'exitCode':137,'signal':9}}}]}",
                "Evicted           | {'phase':'Failed','reason':'Evicted'}",
                "SchedulingGated   | {'phase':'Pending','conditions':[{'type':'PodScheduled',"
                        + "'reason':'SchedulingGated'}]}",
            })
    void oneWordSaysHowAPodIs(String reason, String status) {
        assertThat(PodSummary.of(podWithStatus(status)).reason()).isEqualTo(reason);
    }

    @Test
    void initContainersAreCountedUntilTheyAreDone() {
        KubeObject waiting = pod("{'spec':{'initContainers':[{'name':'i'},{'name':'j'}],'containers':[{'name':'a'}]},"
                + "'status':{'phase':'Pending','initContainerStatuses':["
                + "{'name':'i','state':{'terminated':{'exitCode':0}}},{'name':'j','state':{'running':{}}}]}}");
        KubeObject failed = pod("{'spec':{'initContainers':[{'name':'i'}],'containers':[{'name':'a'}]},"
                + "'status':{'phase':'Pending','initContainerStatuses':["
                + "{'name':'i','restartCount':4,'state':{'terminated':{'exitCode':1,'reason':'Error'}}}]}}");

        assertThat(PodSummary.of(waiting).reason()).isEqualTo("Init:1/2");
        assertThat(PodSummary.of(failed).reason()).isEqualTo("Init:Error");
        assertThat(PodSummary.of(failed).restarts()).isEqualTo(4);
    }

    @Test
    void sidecarCountsAsAContainer() {
        KubeObject pod = pod("{'spec':{'initContainers':[{'name':'s','restartPolicy':'Always'}],"
                + "'containers':[{'name':'a'}]},'status':{'phase':'Running',"
                + "'initContainerStatuses':[{'name':'s','started':true,'ready':true,'restartCount':1,'state':{'running':{}}}],"
                + "'containerStatuses':[{'name':'a','ready':true,'state':{'running':{}}}]}}");

        PodSummary summary = PodSummary.of(pod);

        assertThat(summary.ready()).isEqualTo(2);
        assertThat(summary.total()).isEqualTo(2);
        assertThat(summary.restarts()).isEqualTo(1);
        assertThat(summary.reason()).isEqualTo("Running");
    }

    @Test
    void podThatIsBeingDeletedIsTerminatingUnlessItHasEnded() {
        KubeObject running =
                podWithStatus("{'phase':'Running'}").with("2026-11-23T05:00:00Z", "metadata", "deletionTimestamp");
        KubeObject ended =
                podWithStatus("{'phase':'Succeeded'}").with("2026-11-23T05:00:00Z", "metadata", "deletionTimestamp");

        assertThat(PodSummary.of(running).reason()).isEqualTo("Terminating");
        assertThat(PodSummary.of(ended).reason()).isEqualTo("Succeeded");
    }

    @Test
    void oneContainerThatStillRunsKeepsACompletedPodRunning() {
        KubeObject pod = pod("{'spec':{'containers':[{'name':'a'},{'name':'b'}]},'status':{'phase':'Running',"
                + "'conditions':[{'type':'Ready','status':'%s'}],'containerStatuses':["
                + "{'name':'a','state':{'terminated':{'exitCode':0,'reason':'Completed'}}},"
                + "{'name':'b','ready':true,'state':{'running':{}}}]}}");

        assertThat(PodSummary.of(pod).reason()).isEqualTo("NotReady");
    }

    @Test
    void restartsSayWhenTheLastOneWas() {
        KubeObject pod = podWithStatus("{'phase':'Running','containerStatuses':[{'name':'a','ready':true,"
                + "'restartCount':3,'state':{'running':{}},"
                + "'lastState':{'terminated':{'exitCode':1,'finishedAt':'2026-11-23T04:55:00Z'}}}]}");

        assertThat(new PodPrinter().cells(pod, NOW)).startsWith("p", "1/1", "Running", "3 (5m ago)", "<unknown>");
    }
}
