package io.skep.bus.internal;

import io.skep.core.api.bus.Delivery;
import io.skep.core.api.message.Message;

/** Where a message goes: a topic of the carrier, and what takes the message in when the carrier brings it. */
interface Address {

    /** The topic its events have. */
    String topic();

    /** Takes the message in; never runs foreign code but the store's. */
    Delivery deliver(Message message);
}
