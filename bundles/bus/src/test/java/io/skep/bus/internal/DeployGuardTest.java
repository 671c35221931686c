package io.skep.bus.internal;

import static io.skep.bus.internal.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.bus.internal.host.Gate;
import io.skep.bus.internal.seen.Seen;
import io.skep.bus.internal.swap.DeployGuard;
import io.skep.bus.internal.swap.ModuleSwaps;
import io.skep.bus.internal.swap.SwapSettings;
import io.skep.core.api.module.ModuleRegistry.State;
import io.skep.core.api.operation.SwapOperation;
import io.skep.core.api.operation.SwapOperation.Outcome;
import io.skep.core.api.store.InMemoryDocumentStore;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.namespace.PackageNamespace;
import org.osgi.framework.wiring.BundleWiring;

/** What comes through {@code deploy/} in a real framework, where only signed modules are to run. */
class DeployGuardTest {

    private static final String NAME = "test.mod";

    @TempDir
    Path folder;

    private final BusFixture fixture = new BusFixture(BusFixture.limits(1000, 0), Duration.ofMillis(500));
    private final EventAdminMessageBus bus = fixture.bus;
    private final InMemoryDocumentStore store = new InMemoryDocumentStore();
    private TestFramework framework;
    private Signing acme;
    private Path trusted;
    private DeployGuard guard;

    @BeforeEach
    void start() throws Exception {
        Seen.clear();
        framework = new TestFramework(folder, bus);
        acme = Signing.authority("Acme");
        trusted = acme.trust(folder.resolve("trusted.pem"));
        guard = new DeployGuard(framework.context(), settings(Optional.of(trusted)), InstantSource.system());
    }

    private SwapSettings settings(Optional<Path> signers) {
        return new SwapSettings(folder.resolve("operations"), new Gate(Duration.ofSeconds(30))).withSigners(signers);
    }

    @AfterEach
    void stop() throws Exception {
        guard.close();
        fixture.close();
        framework.close();
    }

    @Test
    void unsignedBundleDoesNotRunAndASignedOneDoes() throws Exception {
        guard.open();
        Path jar = framework.jar(NAME, "1.0.0", "");

        Bundle unsigned = framework.deploy(jar);
        assertThatThrownBy(unsigned::start).isInstanceOf(BundleException.class);
        unsigned.uninstall();
        Bundle signed = framework.deploy(acme.sign(jar));
        signed.start();

        assertThat(signed.getState()).isEqualTo(Bundle.ACTIVE);
        until("started", () -> Seen.STARTS.size() == 1);
        assertThat(folder.resolve("deploy")).isDirectory();
    }

    @Test
    void bundleOfAnUnknownSignerDoesNotRunUntilHeIsTrusted() throws Exception {
        guard.open();
        Signing other = Signing.authority("Other");
        Bundle bundle = framework.deploy(other.sign(framework.jar(NAME, "1.0.0", "")));

        assertThatThrownBy(bundle::start).isInstanceOf(BundleException.class);
        other.trust(trusted);
        Files.setLastModifiedTime(trusted, FileTime.fromMillis(1));
        bundle.start();

        assertThat(bundle.getState()).isEqualTo(Bundle.ACTIVE);
    }

    @Test
    void whatCameAnotherWayIsNotAsked() throws Exception {
        guard.open();

        assertThat(framework.start(framework.jar(NAME, "1.0.0", "")).getState()).isEqualTo(Bundle.ACTIVE);
    }

    // Weaving and services found by name live on such imports: without them the node does not start.
    @Test
    void packagesAreStillFoundAtRunTimeWhileAnUnsignedBundleLiesThereButNotInIt() throws Exception {
        guard.open();
        Bundle unsigned = framework.deploy(framework.library("test.unsigned", "1.0.0", "unsigned.api"));
        framework.start(framework.library("test.lib", "1.0.0", "lib.api"));
        Bundle seeker = framework.start(framework.seeker("test.seeker"));

        assertThatThrownBy(() -> seeker.loadClass("lib.api.None")).isInstanceOf(ClassNotFoundException.class);
        assertThatThrownBy(() -> seeker.loadClass("unsigned.api.None")).isInstanceOf(ClassNotFoundException.class);

        assertThat(seeker.adapt(BundleWiring.class).getRequiredWires(PackageNamespace.PACKAGE_NAMESPACE))
                .extracting(wire -> wire.getProvider().getSymbolicName())
                .containsExactly("test.lib");
        assertThat(unsigned.getState()).isEqualTo(Bundle.INSTALLED);
    }

    @Test
    void whereNoSignatureIsAskedForEverythingRuns() throws Exception {
        DeployGuard open = new DeployGuard(framework.context(), settings(Optional.empty()), InstantSource.system());
        open.open();
        Bundle bundle = framework.deploy(framework.jar(NAME, "1.0.0", ""));

        bundle.start();

        assertThat(bundle.getState()).isEqualTo(Bundle.ACTIVE);
        open.close();
    }

    @Test
    void unsignedBundleThatRunsAlreadyIsStoppedAndCannotBeStartedAgain() throws Exception {
        Bundle bundle = framework.deploy(framework.jar(NAME, "1.0.0", ""));
        bundle.start();

        guard.open();

        until("not resolved any more", () -> bundle.getState() == Bundle.INSTALLED);
        assertThatThrownBy(bundle::start).isInstanceOf(BundleException.class);
    }

    @Test
    void unsignedJarOverASignedOneIsTakenBack() throws Exception {
        guard.open();
        ModuleSwaps swaps = new ModuleSwaps(
                framework.context(), bus, bus, store, settings(Optional.of(trusted)), InstantSource.system());
        Bundle bundle = framework.deploy(acme.sign(framework.jar(NAME, "1.0.0", "")));
        bundle.start();
        swaps.open();
        Path kept = folder.resolve("present").resolve(bundle.getBundleId() + "/old.jar");
        until("kept aside", () -> Files.exists(kept) && kept.toFile().lastModified() == bundle.getLastModified());

        try (InputStream in = Files.newInputStream(framework.jar(NAME, "1.1.0", ""))) {
            bundle.update(in);
        } catch (BundleException e) {
            assertThat(e.getType()).isEqualTo(BundleException.RESOLVE_ERROR);
        }

        until("ended", () -> swaps.list().stream().anyMatch(o -> o.outcome() != Outcome.RUNNING));
        SwapOperation seen = swaps.list().get(0);
        assertThat(seen.outcome()).isEqualTo(Outcome.ROLLED_BACK);
        assertThat(seen.reason())
                .isEqualTo(NAME + "/1.1.0 is not signed, and this node takes only what a trusted signer has signed");
        assertThat(bundle.getVersion()).hasToString("1.0.0");
        until("at work", () -> bus.list().get(0).state() == State.ACTIVE);
        assertThat(Seen.STARTS).noneMatch(s -> s.startsWith("1.1.0"));
        swaps.close();
    }

    /** Felix tells of an update before the new content can be read. */
    @Test
    void objectionThatIsKnownOnlyAfterAWhileEndsTheTrial() throws Exception {
        guard.open();
        CountDownLatch tried = new CountDownLatch(1);
        Gate endless = new Gate(Duration.ofSeconds(30), () -> {
            tried.countDown();
            return 0;
        });
        Path state = Files.createDirectories(folder.resolve("state"));
        ModuleSwaps swaps = new ModuleSwaps(
                framework.context(),
                bus,
                bus,
                store,
                new SwapSettings(state.resolve("operations"), endless).withSigners(Optional.of(trusted)),
                InstantSource.system());
        Bundle bundle = framework.deploy(acme.sign(framework.jar(NAME, "1.0.0", "")));
        bundle.start();
        swaps.open();
        Path kept = state.resolve("present/" + bundle.getBundleId() + "/old.jar");
        until("kept aside", () -> Files.exists(kept) && kept.toFile().lastModified() == bundle.getLastModified());
        Path obstacle = Files.createFile(state.resolve("deploy"));

        try (InputStream in = Files.newInputStream(framework.jar(NAME, "1.1.0", ""))) {
            bundle.update(in);
        } catch (BundleException e) {
            assertThat(e.getType()).isEqualTo(BundleException.RESOLVE_ERROR);
        }
        assertThat(tried.await(30, TimeUnit.SECONDS)).isTrue();
        Files.delete(obstacle);

        until("ended", () -> swaps.list().stream().anyMatch(o -> o.outcome() == Outcome.ROLLED_BACK));
        assertThat(swaps.list().get(0).reason()).startsWith(NAME + "/1.1.0 is not signed");
        swaps.close();
    }
}
