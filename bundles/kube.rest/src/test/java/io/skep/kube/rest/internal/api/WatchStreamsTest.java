package io.skep.kube.rest.internal.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WatchStreamsTest {

    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    // A store may take long to begin a watch, and the client may be gone by then.
    @Test
    void watchThatFindsNoConnectionAnyMoreIsGivenBack() {
        WatchStreams watches = new WatchStreams();
        AtomicInteger closed = new AtomicInteger();
        HttpServletRequest gone = fake(HttpServletRequest.class, (proxy, method, arguments) -> {
            throw new IllegalStateException("the request is recycled");
        });
        HttpServletResponse response = fake(HttpServletResponse.class, (proxy, method, arguments) -> null);

        assertThatThrownBy(() -> watches.start(
                        gone, response, OptionalLong.empty(), object -> object, watcher -> closed::incrementAndGet))
                .isInstanceOf(IllegalStateException.class);

        assertThat(closed).hasValue(1);
        assertThat(watches.size()).isZero();
    }
}
