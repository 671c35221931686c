package io.skep.bus.internal;

import io.skep.core.api.message.Message;
import io.skep.core.api.module.EdgeModule;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.ModuleContext;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** A module that records what is done to it and treats messages as the test says. */
class TestModule implements EdgeModule {

    final BlockingQueue<Message> got = new LinkedBlockingQueue<>();
    final List<String> calls = new CopyOnWriteArrayList<>();
    private final BiConsumer<ModuleContext, Message> treat;
    private volatile Handover leaves = Handover.NONE;
    volatile ModuleContext context;
    volatile Handover given;

    TestModule() {
        this((context, message) -> {});
    }

    TestModule(BiConsumer<ModuleContext, Message> treat) {
        this.treat = treat;
    }

    /** Answers every request with what it was sent. */
    static TestModule echo() {
        return new TestModule((context, message) -> context.bus().sendResp(message.reply(message.content())));
    }

    TestModule leaving(Handover handover) {
        leaves = handover;
        return this;
    }

    Message next() {
        try {
            Message message = got.poll(30, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("no message came");
            }
            return message;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void start(ModuleContext context, Handover handover) {
        calls.add("start");
        this.context = context;
        given = handover;
    }

    @Override
    public void receive(Message message) {
        got.add(message);
        treat.accept(context, message);
    }

    @Override
    public Handover stop() {
        calls.add("stop");
        return leaves;
    }
}
