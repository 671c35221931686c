package io.skep.monitor.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.observe.MetricSource;
import io.skep.core.api.observe.Sample;
import io.skep.monitor.internal.Http.Reply;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsServletTest {

    private final MetricsServlet servlet = new MetricsServlet();

    @Test
    void countersAndGaugesAreWrittenAsPrometheusText() throws Exception {
        servlet.bindSource(() -> List.of(
                Sample.counter("skep_bus_received_messages", "Messages taken.", Map.of("module", "edged"), 3),
                Sample.counter("skep_bus_received_messages", "Messages taken.", Map.of("module", "twin"), 4),
                Sample.gauge("skep_link_up", "Whether there is a link.", Map.of(), 1)));

        Reply reply = Http.get(servlet);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.type()).startsWith("text/plain; version=0.0.4");
        assertThat(reply.body()).contains("""
                        # HELP skep_bus_received_messages_total Messages taken.
                        # TYPE skep_bus_received_messages_total counter
                        skep_bus_received_messages_total{module="edged"} 3.0
                        skep_bus_received_messages_total{module="twin"} 4.0
                        """).contains("""
                        # HELP skep_link_up Whether there is a link.
                        # TYPE skep_link_up gauge
                        skep_link_up 1.0
                        """);
    }

    @Test
    void labelValuesAreEscaped() throws Exception {
        servlet.bindSource(() -> List.of(Sample.gauge("skep_x", "X.", Map.of("a", "say \"hi\"\n\\"), 1)));

        assertThat(Http.get(servlet).body()).contains("skep_x{a=\"say \\\"hi\\\"\\n\\\\\"} 1.0");
    }

    @Test
    void figuresOfOneNameFromTwoBundlesShareTheirHead() throws Exception {
        servlet.bindSource(() -> List.of(Sample.gauge("skep_x", "X.", Map.of("in", "a"), 1)));
        servlet.bindSource(() -> List.of(Sample.gauge("skep_x", "X.", Map.of("in", "b"), 2)));

        assertThat(Http.get(servlet).body())
                .containsOnlyOnce("# TYPE skep_x gauge")
                .contains("skep_x{in=\"a\"} 1.0", "skep_x{in=\"b\"} 2.0");
    }

    @Test
    void sourceThatFailsIsCountedAndTheOthersAreShown() throws Exception {
        servlet.bindSource(() -> {
            throw new IllegalStateException("store is closed");
        });
        servlet.bindSource(() -> List.of(Sample.gauge("skep_x", "X.", Map.of(), 1)));

        Reply reply = Http.get(servlet);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).contains("skep_x 1.0", "skep_monitor_source_failures_total 1.0");
    }

    // Two of one kind, a name no scraper reads, the same labels twice: each would spoil the whole page.
    @Test
    void figuresThatCannotBeShownAreCountedAndTheOthersAreShown() throws Exception {
        servlet.bindSource(() -> List.of(
                Sample.gauge("skep_x", "X.", Map.of(), 1),
                Sample.counter("skep_mixed", "M.", Map.of(), 1),
                Sample.gauge("skep_mixed", "M.", Map.of("a", "b"), 1),
                Sample.gauge("skep_twice", "T.", Map.of(), 1),
                Sample.gauge("skep_twice", "T.", Map.of(), 2),
                Sample.counter("skep_negative", "N.", Map.of(), -1)));

        String body = Http.get(servlet).body();

        assertThat(body)
                .contains("skep_x 1.0", "skep_monitor_source_failures_total 3.0")
                .doesNotContain("skep_mixed", "skep_twice", "skep_negative");
    }

    @Test
    void sourceThatIsGoneIsNotShown() throws Exception {
        MetricSource source = () -> List.of(Sample.gauge("skep_x", "X.", Map.of(), 1));
        servlet.bindSource(source);

        servlet.unbindSource(source);

        assertThat(Http.get(servlet).body()).doesNotContain("skep_x");
    }

    @Test
    void theProcessIsShown() throws Exception {
        assertThat(Http.get(servlet).body())
                .contains(
                        "jvm_memory_used_bytes{area=\"heap\"}",
                        "jvm_threads_current ",
                        "jvm_classes_currently_loaded ",
                        "jvm_gc_collections_total{gc=",
                        "process_start_time_seconds ",
                        "process_cpu_seconds_total ");
    }
}
