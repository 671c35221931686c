package io.skep.shell.internal;

import java.io.File;
import org.apache.felix.fileinstall.ArtifactTransformer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Wakes {@link Provisioning} for a features repository that is put into {@code deploy/}. File Install asks those who take
 * files; this one takes none, and Karaf's deployer, which comes with the features service, is asked next.
 */
@Component(service = ArtifactTransformer.class)
public final class DeployedFeatures implements ArtifactTransformer {

    private final Provisioning provisioning;

    /** Made by DS. */
    @Activate
    public DeployedFeatures(@Reference Provisioning provisioning) {
        this.provisioning = provisioning;
    }

    @Override
    public boolean canHandle(File artifact) {
        if (artifact.getName().endsWith(".xml") && provisioning.asleep()) {
            provisioning.wake();
        }
        return false;
    }

    @Override
    public File transform(File artifact, File folder) {
        throw new UnsupportedOperationException(artifact + " was not taken");
    }
}
