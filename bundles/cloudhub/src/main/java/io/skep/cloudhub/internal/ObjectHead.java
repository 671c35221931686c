package io.skep.cloudhub.internal;

/**
 * Who a Kubernetes object in a message is; empty strings for what it does not say.
 *
 * @param deleting whether it carries a deletion timestamp
 */
record ObjectHead(String apiVersion, String kind, String name, String uid, boolean deleting) {

    static final ObjectHead NONE = new ObjectHead("", "", "", "", false);

    ObjectHead withApiVersion(String value) {
        return new ObjectHead(value, kind, name, uid, deleting);
    }

    ObjectHead withKind(String value) {
        return new ObjectHead(apiVersion, value, name, uid, deleting);
    }

    ObjectHead withName(String value) {
        return new ObjectHead(apiVersion, kind, value, uid, deleting);
    }

    ObjectHead withUid(String value) {
        return new ObjectHead(apiVersion, kind, name, value, deleting);
    }

    ObjectHead beingDeleted() {
        return new ObjectHead(apiVersion, kind, name, uid, true);
    }
}
