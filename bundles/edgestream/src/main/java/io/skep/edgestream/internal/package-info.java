/** The node's end of the stream tunnel: what containers wrote, as kubelet's log endpoint answers it. */
package io.skep.edgestream.internal;
