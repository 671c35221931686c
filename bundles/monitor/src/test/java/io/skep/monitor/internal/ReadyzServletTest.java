package io.skep.monitor.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.module.Health;
import io.skep.core.api.observe.HealthCheck;
import io.skep.monitor.internal.Http.Reply;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ReadyzServletTest {

    private final ReadyzServlet servlet = new ReadyzServlet(List.of(check("bundles", () -> Health.HEALTHY)));

    @Test
    void readyWhenEveryCheckIsWell() throws Exception {
        servlet.bindCheck(check("store", () -> Health.HEALTHY));

        assertThat(Http.get(servlet)).isEqualTo(new Reply(200, "text/plain; charset=utf-8", "ok\n"));
    }

    @Test
    void notReadyNamesEachCheckThatFails() throws Exception {
        servlet.bindCheck(check("store", () -> Health.unhealthy("DiskFull", "cannot write")));
        servlet.bindCheck(check("modules", () -> Health.HEALTHY));

        Reply reply = Http.get(servlet);

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.body()).isEqualTo("[-]store failed: DiskFull: cannot write\nreadyz check failed\n");
    }

    @Test
    void verboseListsAllChecks() throws Exception {
        servlet.bindCheck(check("store", () -> Health.unhealthy("DiskFull", "")));

        assertThat(Http.get(servlet, "verbose").body())
                .isEqualTo("[+]bundles ok\n[-]store failed: DiskFull\nreadyz check failed\n");
    }

    @Test
    void checkThatThrowsIsNotReady() throws Exception {
        servlet.bindCheck(check("store", () -> {
            throw new IllegalStateException("closed");
        }));

        Reply reply = Http.get(servlet);

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.body()).contains("[-]store failed: CheckFailed: java.lang.IllegalStateException: closed");
    }

    @Test
    void checkThatIsGoneNoLongerCounts() throws Exception {
        HealthCheck bad = check("store", () -> Health.unhealthy("DiskFull", ""));
        servlet.bindCheck(bad);

        servlet.unbindCheck(bad);

        assertThat(Http.get(servlet).status()).isEqualTo(200);
    }

    @Test
    void livenessAsksNothing() throws Exception {
        assertThat(Http.get(new HealthzServlet())).isEqualTo(new Reply(200, "text/plain; charset=utf-8", "ok\n"));
    }

    private static HealthCheck check(String name, Supplier<Health> health) {
        return new HealthCheck() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Health check() {
                return health.get();
            }
        };
    }
}
