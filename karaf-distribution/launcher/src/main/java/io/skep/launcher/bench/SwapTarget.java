package io.skep.launcher.bench;

import io.skep.launcher.instance.Instance;

/**
 * What the bench replaces.
 *
 * @param instance where it runs
 * @param module the module's name on the bus; {@code ""} for a bundle without module, which has no operation of ours
 * @param bundle the folder of its bundle in the sources
 */
record SwapTarget(Instance instance, String module, String bundle) {

    boolean isModule() {
        return !module.isEmpty();
    }

    /** The bundle's symbolic name. */
    String symbolicName() {
        return "io.skep." + bundle;
    }
}
