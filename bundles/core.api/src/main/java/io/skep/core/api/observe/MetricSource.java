package io.skep.core.api.observe;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/** Gives the figures of one bundle when asked; any thread, without blocking. */
@ConsumerType
@FunctionalInterface
public interface MetricSource {

    /** The figures now. Samples of one name share kind and help. */
    List<Sample> samples();
}
