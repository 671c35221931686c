package io.skep.bus.internal.host;

import io.skep.core.api.module.EdgeModule;

/**
 * One registered {@link EdgeModule} service.
 *
 * @param id the service id, by which it is told from others of the same name
 * @param name its {@code module.name}
 * @param group its {@code module.group}, or {@code ""} for none
 * @param ranking its service ranking
 * @param bundle symbolic name and version of its bundle
 * @param module the object
 */
public record ModuleService(long id, String name, String group, int ranking, String bundle, EdgeModule module) {}
