package io.skep.edged.internal.pod;

import io.skep.core.api.module.ModuleContext;
import io.skep.edged.internal.link.Events;
import io.skep.edged.internal.link.Gate;
import io.skep.edged.internal.link.HostFacts;
import io.skep.edged.internal.link.Meta;
import io.skep.edged.internal.link.References;
import io.skep.edged.internal.manifest.Mirrors;
import io.skep.edged.internal.probe.Check;
import io.skep.edged.internal.runtime.Runtimes;
import io.skep.edged.internal.upkeep.Upkeep;
import io.skep.edged.internal.volume.Tokens;
import io.skep.edged.internal.volume.Volumes;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * What every pod of the node shares.
 *
 * @param context time, work and the bus
 * @param runtimes the runtimes there are
 * @param meta the way to MetaManager
 * @param references the ConfigMaps and Secrets in use
 * @param tokens the service account tokens in use
 * @param volumes the volumes on disk
 * @param check tries probes and hooks
 * @param probing bounds the probes tried at a time
 * @param waiting bounds the hooks and stops waited for at a time
 * @param events tells what happened
 * @param mirrors what the cloud has of static pods
 * @param records what is remembered
 * @param facts what the node is
 * @param logs folder of the pods' logs
 * @param changed told when something an operator could see has changed
 */
record PodHost(
        ModuleContext context,
        Runtimes runtimes,
        Meta meta,
        References references,
        Tokens tokens,
        Volumes volumes,
        Check check,
        Gate probing,
        Gate waiting,
        Events events,
        Mirrors mirrors,
        Records records,
        Supplier<HostFacts> facts,
        Path logs,
        Runnable changed)
        implements Upkeep.Host {}
