package io.skep.core.api.module;

/**
 * KubeEdge's names for modules and groups, as they stand in {@code source} and {@code group} on the wire.
 *
 * <p>Source: KubeEdge v1.22, {@code cloud/pkg/common/modules/modules.go}, {@code edge/pkg/common/modules}.
 */
public final class ModuleNames {

    /** EdgeHub's module name; KubeEdge named it after its protocol. */
    public static final String EDGE_HUB = "websocket";

    public static final String META_MANAGER = "metamanager";
    public static final String EDGED = "edged";
    public static final String DEVICE_TWIN = "twin";
    public static final String EVENT_BUS = "eventbus";
    public static final String SERVICE_BUS = "servicebus";
    public static final String EDGE_STREAM = "edgestream";
    public static final String META_SERVER = "metaserver";
    public static final String TASK_MANAGER = "taskmanager";

    /** Takes module operations from the cloud; Skep's own, spoken only where {@link #GROUP_OPERATIONS} says. */
    public static final String MODULE_OPERATIONS = "moduleoperations";

    public static final String CLOUD_HUB = "cloudhub";
    public static final String EDGE_CONTROLLER = "edgecontroller";
    public static final String DEVICE_CONTROLLER = "devicecontroller";
    public static final String DYNAMIC_CONTROLLER = "dynamiccontroller";
    public static final String ROUTER = "router";
    public static final String CLOUD_STREAM = "cloudStream";

    public static final String GROUP_HUB = "hub";
    public static final String GROUP_META = "meta";
    public static final String GROUP_EDGED = "edged";
    public static final String GROUP_TWIN = "twin";
    public static final String GROUP_BUS = "bus";
    public static final String GROUP_RESOURCE = "resource";
    public static final String GROUP_USER = "user";

    /** Group of what the cloud and a node say about module operations; only on links that agreed to it. */
    public static final String GROUP_OPERATIONS = "operations";

    /** Resource of the message that tells groups of the node whether the cloud is connected. */
    public static final String NODE_CONNECTION = "node/connection";

    /** Content of that message while there is a link, as a JSON string. */
    public static final String CLOUD_CONNECTED = "\"cloud_connected\"";

    /** Content of that message while there is none, as a JSON string. */
    public static final String CLOUD_DISCONNECTED = "\"cloud_disconnected\"";

    private ModuleNames() {}
}
