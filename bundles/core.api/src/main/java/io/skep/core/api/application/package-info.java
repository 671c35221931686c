/**
 * How a node has its cloud do something with objects of the Kubernetes API: KubeEdge's application, which MetaServer sends
 * to the cloud's DynamicController. Values only; who sends and reads them turns them into JSON.
 */
@Export
@Version("1.0.0")
package io.skep.core.api.application;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
