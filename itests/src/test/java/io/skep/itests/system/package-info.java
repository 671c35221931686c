/**
 * Drives the built distribution from outside, as an operator does: the launcher as a process, the Kubernetes API by the
 * cloud's kubeconfig, kubectl where there is one. Nothing here looks inside a JVM.
 *
 * <p>A {@link io.skep.itests.system.TestSystem} is a folder of instances on free ports; closing it stops what it started,
 * by pid.
 */
package io.skep.itests.system;
