/** What containers wrote, as kubelet's log endpoint answers it. */
package io.skep.edgestream.internal;
