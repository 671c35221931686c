/**
 * Pods as containers of an engine that speaks CRI v1 on a Unix socket.
 *
 * <p>{@link io.skep.runtime.cri.internal.CriService} waits for a socket, and until there is one no class of gRPC is loaded.
 * Then {@link io.skep.runtime.cri.internal.CriRuntime} is the node's runtime {@code cri}. {@code Calls} and {@code Engine}
 * know the wire, {@code ToCri} and {@code FromCri} translate, {@code ChangeWatch} tells what happened. Threads: one
 * that looks for the socket, one of Netty, one that tells ({@code edge-cri-events}); all end with the bundle, and no
 * container notices.
 */
package io.skep.runtime.cri.internal;
