/**
 * The port to what runs on a node: the log of a container, a command in it.
 *
 * <p>{@link io.skep.kube.api.stream.PodStreams} opens a stream by the node's name, in kubelet's own paths; what comes on it is
 * bytes. Who asks decides which pod and container; who implements it knows the way to the node. Nothing is buffered without
 * bound: each side waits for the stage the other one returns.
 */
@Export
@Version("1.0.0")
package io.skep.kube.api.stream;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
