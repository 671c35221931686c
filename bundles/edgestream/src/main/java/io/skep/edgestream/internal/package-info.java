/**
 * The node's end of the stream tunnel. A log is answered as kubelet's log endpoint answers it. A command is served as
 * kubelet's streaming server serves it, SPDY or WebSocket on the raw bytes that come through the tunnel, unless the container
 * engine serves it itself: then the bytes are only carried. What speaks these protocols is loaded with the first command.
 */
package io.skep.edgestream.internal;
