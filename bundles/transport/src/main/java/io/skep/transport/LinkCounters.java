package io.skep.transport;

/**
 * What one link carried.
 *
 * @param sent messages written to the socket
 * @param received messages handed to the listener or waiting for one
 * @param sentBytes their JSON text, in bytes
 * @param receivedBytes their JSON text, in bytes
 * @param queued messages waiting to be written
 * @param waiting messages received and not yet handed to the listener
 */
public record LinkCounters(long sent, long received, long sentBytes, long receivedBytes, int queued, int waiting) {}
