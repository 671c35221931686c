package io.skep.bus.internal;

import io.skep.bus.internal.mail.MessageJson;
import io.skep.core.api.bus.BusTopics;
import io.skep.core.api.bus.Delivery;
import io.skep.core.api.message.Message;
import java.util.Map;
import org.osgi.service.event.Event;

/**
 * One message on its way through the carrier. It is the event's {@code json} property, whose text it makes when somebody
 * reads it, and brings the outcome back to the sender.
 */
final class Parcel implements CharSequence {

    private final Address address;
    private final Message message;
    private Delivery delivery;
    private String json;

    Parcel(Address address, Message message) {
        this.address = address;
        this.message = message;
    }

    Event event() {
        return new Event(address.topic(), Map.of(BusTopics.MESSAGE, message, BusTopics.JSON, this));
    }

    /** Whether {@code event} is the one this parcel was made for, not one that a listener built from its properties. */
    boolean travelsIn(Event event) {
        return event.getTopic().equals(address.topic()) && event.getProperty(BusTopics.MESSAGE) == message;
    }

    /**
     * Hands the message over, once. Called by the handler, and by the sender after the carrier returned: a carrier that
     * shut our handler out, or calls it on a slow thread of its own, neither loses nor doubles a message.
     */
    synchronized Delivery deliver() {
        if (delivery == null) {
            delivery = address.deliver(message);
        }
        return delivery;
    }

    @Override
    public synchronized String toString() {
        if (json == null) {
            json = MessageJson.write(message);
        }
        return json;
    }

    @Override
    public int length() {
        return toString().length();
    }

    @Override
    public char charAt(int index) {
        return toString().charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return toString().subSequence(start, end);
    }
}
