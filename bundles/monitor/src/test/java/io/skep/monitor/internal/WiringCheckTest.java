package io.skep.monitor.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.module.Health;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;

class WiringCheckTest {

    private final List<Bundle> bundles = new ArrayList<>();
    private final Contract contract = new Contract("io.skep.runtime.api");
    private final Contract library = new Contract("com.example.json");

    private Health check() {
        return new WiringCheck(() -> bundles.toArray(Bundle[]::new)).check();
    }

    @Test
    void allUsersOfARevisionUnderstandEachOther() {
        BundleRevision first = contract.update();
        user("io.skep.edged", first);
        user("io.skep.runtime.process", first);

        assertThat(check()).isEqualTo(Health.HEALTHY);
    }

    @Test
    void updateThatNobodyHasTakenYetHarmsNobody() {
        user("io.skep.edged", contract.update());
        contract.update();

        assertThat(check()).isEqualTo(Health.HEALTHY);
    }

    @Test
    void usersOfAFormerRevisionBesideOthersAreNamedWithTheWayOut() {
        user("io.skep.edged", contract.update());
        user("io.skep.runtime.process", contract.update());

        Health health = check();

        assertThat(health.ok()).isFalse();
        assertThat(health.reason()).isEqualTo("RefreshNeeded");
        assertThat(health.message())
                .isEqualTo("io.skep.edged still uses a former io.skep.runtime.api, others the new one:"
                        + " bundle:refresh io.skep.runtime.api");
    }

    @Test
    void librariesMayBeThereTwice() {
        user("io.skep.edged", library.update());
        user("io.skep.runtime.process", library.update());

        assertThat(check()).isEqualTo(Health.HEALTHY);
    }

    @Test
    void bundleThatIsNotResolvedUsesNothing() {
        bundles.add(proxy(Bundle.class, (proxy, method, args) -> null));

        assertThat(check()).isEqualTo(Health.HEALTHY);
    }

    /** A bundle that exports, with all its revisions. */
    private static final class Contract {
        private final String name;
        private final Bundle bundle;
        private BundleRevision current;

        Contract(String name) {
            this.name = name;
            this.bundle = proxy(Bundle.class, (proxy, method, args) -> switch (method.getName()) {
                case "getSymbolicName" -> name;
                case "adapt" -> current;
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == args[0];
                default -> throw new UnsupportedOperationException(method.toString());
            });
        }

        BundleRevision update() {
            current = proxy(BundleRevision.class, (proxy, method, args) -> switch (method.getName()) {
                case "getSymbolicName" -> name;
                case "getBundle" -> bundle;
                case "hashCode" -> System.identityHashCode(proxy);
                case "equals" -> proxy == args[0];
                default -> throw new UnsupportedOperationException(method.toString());
            });
            return current;
        }
    }

    private void user(String name, BundleRevision... used) {
        List<BundleWire> wires = Stream.of(used)
                .map(each -> proxy(BundleWire.class, (proxy, method, args) -> each))
                .toList();
        Bundle[] user = new Bundle[1];
        BundleWiring wiring = proxy(BundleWiring.class, (proxy, method, args) -> switch (method.getName()) {
            case "getRequiredWires" -> wires;
            case "getBundle" -> user[0];
            default -> throw new UnsupportedOperationException(method.toString());
        });
        user[0] = proxy(Bundle.class, (proxy, method, args) -> switch (method.getName()) {
            case "getSymbolicName" -> name;
            case "adapt" -> wiring;
            default -> throw new UnsupportedOperationException(method.toString());
        });
        bundles.add(user[0]);
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
