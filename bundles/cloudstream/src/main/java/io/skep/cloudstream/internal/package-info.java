/** CloudStream: the tunnels of all nodes, and the streams to their containers. Nothing is exported. */
package io.skep.cloudstream.internal;
