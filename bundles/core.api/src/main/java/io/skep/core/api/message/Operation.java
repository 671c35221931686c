package io.skep.core.api.message;

/**
 * The verbs of KubeEdge's messages. They are strings, not an enum, because peers also send HTTP methods and action names
 * as operations; an unknown one is answered or counted, never a reason to fail.
 *
 * <p>Source: KubeEdge v1.22, {@code beehive/pkg/core/model/message.go} and {@code common/constants}.
 */
public final class Operation {

    public static final String INSERT = "insert";
    public static final String DELETE = "delete";
    public static final String QUERY = "query";
    public static final String UPDATE = "update";
    public static final String PATCH = "patch";
    public static final String UPLOAD = "upload";
    public static final String RESPONSE = "response";
    public static final String ERROR = "error";
    public static final String KEEPALIVE = "keepalive";
    public static final String CONNECT = "connect";

    private Operation() {}
}
