package org.example.greeter;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.module.EdgeModule;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.ModuleContext;
import org.osgi.service.component.annotations.Component;

@Component(property = {EdgeModule.NAME + "=greeter", EdgeModule.GROUP + "=greeters"})
public final class GreeterModule implements EdgeModule {

    private ModuleContext context;
    private long greeted;

    @Override
    public void start(ModuleContext context, Handover handover) {
        this.context = context;
        greeted = handover.isEmpty() ? 0 : Long.parseLong(handover.state());
    }

    @Override
    public void receive(Message message) {
        greeted++;
        String text = "Hello " + message.route().resource() + ", you are number " + greeted;
        context.bus().sendResp(message.reply("greeter", new Content.Json("\"" + text + "\"")));
    }

    @Override
    public Handover stop() {
        return new Handover(1, Long.toString(greeted));
    }
}
