package io.skep.edgestream.internal;

/**
 * A place in a log, which rotation does not change.
 *
 * @param part the file
 * @param offset bytes of it that lie before
 */
record LogPlace(LogPart part, long offset) {}
