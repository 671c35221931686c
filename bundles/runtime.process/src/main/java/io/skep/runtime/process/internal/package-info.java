/**
 * Pods as processes of the operating system.
 *
 * <p>A container is a command in a session and process group of its own. Its parent is no JVM but the {@code supervise}
 * script, a small shell that waits for it and records its exit code in a file, whether we live or not. On the way to the
 * command lie further constant scripts, each replacing the last: {@code enter} (process identity, cgroups), {@code mounts}
 * (mount namespace), setpriv (user, privileges), {@code launch} (folder, environment, words). Every value reaches them as an
 * argument or an escaped line of a file.
 *
 * <p>Output goes straight into files, so that nothing between a container and its disk can die. We carry it from there into
 * logs in CRI format; times in the log are those of arrival. The {@code janitor} script bounds it while nobody does.
 *
 * <p>What the next runtime needs is on disk before it counts. It knows a process by id, start time and boot of the machine
 * ({@code Adoption}). After a restart of the machine all containers ended with {@code ContainerStatusUnknown} and 137, and
 * their sandboxes are not ready.
 *
 * <p>The container sees the node's files, network and processes. Its image is not looked at. Mounts appear at their path
 * where mount namespaces are to be had (root, or user namespaces), and always below {@code $SKEP_CONTAINER_ROOT}, which is
 * also the default working folder. Standard input and terminals are not offered; a read-only root and added capabilities are
 * not enforced.
 */
package io.skep.runtime.process.internal;
