/** MetaServer: the Kubernetes API's store on a node. Nothing is exported. */
package io.skep.metaserver.internal;
