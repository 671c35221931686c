package io.skep.edged.internal.pod;

import io.skep.edged.internal.link.Ref;
import io.skep.edged.internal.spec.ContainerSpec;
import io.skep.edged.internal.spec.PullSecrets;
import io.skep.runtime.api.PodRuntime;
import io.skep.runtime.api.RegistryAuth;
import java.util.List;
import java.util.Optional;

/**
 * The first step of a container into life: its image, and what events tell of it. Called on, and calls back on, the module's
 * thread.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/images/image_manager.go}, whose reasons and messages these are.
 */
final class Pulls {

    private static final String FAILED = "Failed";

    private final PodHost host;
    private final PodState state;
    private final PodWorker worker;

    Pulls(PodHost host, PodState state, PodWorker worker) {
        this.host = host;
        this.state = state;
        this.worker = worker;
    }

    void pull(Action.PullImage action) {
        List<Ref> secrets = PullSecrets.references(state.pod());
        host.references()
                .whenKnown(
                        secrets,
                        objects ->
                                pull(action, PullSecrets.auth(action.container().image(), secrets, objects)));
    }

    private void pull(Action.PullImage action, Optional<RegistryAuth> auth) {
        ContainerSpec container = action.container();
        PodRuntime runtime = state.runtime();
        Runnable begins = () -> host.context().execute(() -> begun(container));
        long asked = System.nanoTime();
        host.context()
                .work(
                        "image/" + container.image(),
                        () -> Images.ensure(runtime, container, auth, begins, asked),
                        (ready, error) -> {
                            if (state.ended()) {
                                // Its pod is gone: nothing waits for an image
                                return;
                            }
                            if (error == null) {
                                pulled(action, ready);
                            } else {
                                failed(action, Images.refusal(container, error));
                            }
                        });
    }

    private void begun(ContainerSpec container) {
        if (!state.ended()) {
            tell(container, "Pulling", "Pulling image \"" + container.image() + "\"");
        }
    }

    private void pulled(Action.PullImage action, Images.Ready image) {
        ContainerSpec container = action.container();
        state.progress().imageReady(container.name(), image.reference());
        tell(container, "Pulled", image.told(container.image()));
        worker.done(action.key());
    }

    private void failed(Action.PullImage action, Images.Refusal refusal) {
        ContainerSpec container = action.container();
        state.warn(container.name(), refusal.event(), refusal.message());
        state.warn(container.name(), FAILED, "Error: " + refusal.reason());
        worker.failed(action.key(), container.name(), Trouble.Kind.IMAGE, refusal.reason(), refusal.message());
        host.context().after(Trouble.FRESH, () -> backsOff(container));
    }

    /** What failed a moment ago waits to be tried again, unless it has been meanwhile. */
    private void backsOff(ContainerSpec container) {
        boolean waits = Optional.ofNullable(state.progress().troubles().get(container.name()))
                .filter(trouble -> trouble.reasonAt(state.now()).equals(Trouble.BACKING_OFF))
                .isPresent();
        if (waits && !state.ended()) {
            tell(container, "BackOff", "Back-off pulling image \"" + container.image() + "\"");
            state.warn(container.name(), FAILED, "Error: " + Trouble.BACKING_OFF);
        }
    }

    private void tell(ContainerSpec container, String reason, String message) {
        host.events().normal(state.pod(), container.name(), reason, message);
    }
}
