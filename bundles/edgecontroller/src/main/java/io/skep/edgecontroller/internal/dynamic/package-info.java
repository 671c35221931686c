/**
 * The Kubernetes API for MetaServers on nodes, through the link: KubeEdge's dynamiccontroller. A module of its own beside
 * EdgeController, with a mailbox and thread of its own, so that neither waits for the other.
 */
package io.skep.edgecontroller.internal.dynamic;
