package io.skep.edged.internal.pressure;

/**
 * How much there is of something, in bytes or pieces.
 *
 * @param available what is left
 * @param capacity all there is; 0 when it can't be measured
 */
public record Reading(long available, long capacity) {}
