package io.skep.edgecontroller.internal;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Keys of {@code etc/io.skep.edgecontroller.cfg}. Defaults equal KubeEdge's and Kubernetes' where they have the knob. */
@ObjectClassDefinition(name = "Skep EdgeController", description = "Resources down to the nodes, their reports up.")
public @interface EdgeControllerConfig {

    String PID = "io.skep.edgecontroller";

    @AttributeDefinition(
            name = "Sync period [s]",
            description = "How often what nodes were sent is compared with what there is.",
            min = "1")
    int sync_period_seconds() default 5;

    @AttributeDefinition(
            name = "Resend after [s]",
            description = "An object sent and not acknowledged is sent again after this time.",
            min = "1")
    int resend_seconds() default 30;

    @AttributeDefinition(
            name = "Node lifecycle",
            description = "Whether nodes without a fresh lease are marked unreachable here; false where a Kubernetes"
                    + " node lifecycle controller does it.")
    boolean node_lifecycle_enabled() default true;

    @AttributeDefinition(
            name = "Lease grace [s]",
            description = "A node whose lease was not renewed for this long is marked unreachable.",
            min = "5")
    int lease_grace_seconds() default 40;

    @AttributeDefinition(
            name = "Authorization",
            description = "Whether a node may read only ConfigMaps, Secrets and tokens of its own pods, and through"
                    + " MetaServer only its own pods.")
    boolean authorization_enabled() default true;

    @AttributeDefinition(
            name = "Dynamic",
            description = "Whether MetaServers on nodes may use the Kubernetes API through the link; CloudCore's"
                    + " dynamicController.enable.")
    boolean dynamic_enabled() default false;

    @AttributeDefinition(
            name = "Dynamic reads",
            description =
                    "Kinds that MetaServers may get, list and watch: plural.group, separated by commas; * for all.")
    String dynamic_read() default
            "pods,configmaps,secrets,services,endpoints,endpointslices.discovery.k8s.io,nodes,namespaces,"
                    + "devices.devices.kubeedge.io,devicemodels.devices.kubeedge.io";

    @AttributeDefinition(
            name = "Dynamic writes",
            description = "Kinds that MetaServers may create, update, patch and delete: plural.group or"
                    + " plural.group/subresource, separated by commas; * for all.")
    String dynamic_write() default "";

    @AttributeDefinition(
            name = "Dynamic listeners",
            description = "Most watches a node may have at one time through MetaServer.",
            min = "1")
    int dynamic_listeners() default 100;
}
