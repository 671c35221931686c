package io.skep.bus.internal;

import static io.skep.bus.internal.BusFixture.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osgi.service.event.Event;

/** What a bundle can do that has nothing of ours, only {@code org.osgi.service.event}: topics and texts are spelled out. */
class ForeignBundleTest {

    private final BusFixture fixture = new BusFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void speaksToAModuleWithNothingButJson() {
        TestModule module = new TestModule();
        fixture.add("m", module);

        speak("io/skep/bus/module/m", """
                {"header":{"msg_id":"1","timestamp":1735689600123},
                 "route":{"source":"foreign","group":"user","operation":"upload","resource":"default/topic"},
                 "content":{"speed":3.10}}""");

        Message got = module.next();
        assertThat(got.id()).isEqualTo("1");
        assertThat(got.header().created().toEpochMilli()).isEqualTo(1735689600123L);
        assertThat(got.route().source()).isEqualTo("foreign");
        assertThat(got.content().json()).isEqualTo("{\"speed\":3.10}");
    }

    @Test
    void speaksToAGroup() {
        TestModule module = new TestModule();
        fixture.add("m", module);

        speak("io/skep/bus/group/m-group", "{\"header\":{\"msg_id\":\"2\"},\"route\":{}}");

        assertThat(module.next().id()).isEqualTo("2");
    }

    @Test
    void hearsWhatModulesSayToOneAnother() {
        List<String> heard = new ArrayList<>();
        fixture.events.listen(
                "io/skep/bus/*", event -> heard.add(event.getProperty("json").toString()));
        fixture.bus.addModule("m");

        fixture.bus.send("m", message("default/pod/web", "{\"a\":[1,2]}"));

        assertThat(heard).singleElement().asString().contains("\"resource\":\"default/pod/web\"", "{\"a\":[1,2]}");
    }

    @Test
    void asksAndHearsTheAnswer() {
        List<String> answers = Collections.synchronizedList(new ArrayList<>());
        fixture.events.listen(
                "io/skep/bus/reply",
                event -> answers.add(event.getProperty("json").toString()));
        fixture.add("echo", TestModule.echo());

        speak(
                "io/skep/bus/module/echo",
                "{\"header\":{\"msg_id\":\"q\",\"sync\":true},\"route\":{\"source\":\"foreign\"},\"content\":42}");

        Eventually.until("an answer", () -> answers.size() == 1);
        assertThat(answers.get(0)).contains("\"parent_msg_id\":\"q\"", "\"content\":42");
        assertThat(fixture.bus.status().losses().values()).containsOnly(0L);
    }

    @Test
    void askingNobodyIsAnsweredWithAnError() {
        List<String> answers = new ArrayList<>();
        fixture.events.listen(
                "io/skep/bus/reply",
                event -> answers.add(event.getProperty("json").toString()));

        speak("io/skep/bus/module/nobody", "{\"header\":{\"msg_id\":\"q\",\"sync\":true},\"route\":{}}");

        assertThat(answers).singleElement().asString().contains("\"operation\":\"error\"", "there is no nobody");
    }

    @Test
    void answersAModule() throws Exception {
        fixture.events.listen("io/skep/bus/module/foreign", event -> {
            String id = event.getProperty("json").toString().replaceAll(".*\"msg_id\":\"([^\"]+)\".*", "$1");
            speak(
                    "io/skep/bus/reply",
                    "{\"header\":{\"msg_id\":\"r\",\"parent_msg_id\":\"" + id + "\"},\"route\":{},\"content\":1}");
        });
        fixture.bus.addModule("foreign");

        Message answer = fixture.bus.sendSync("foreign", message("r/1"), Duration.ofSeconds(30));

        assertThat(answer.content().json()).isEqualTo("1");
    }

    @Test
    void nonsenseIsCountedAndHarmless() {
        TestModule module = new TestModule();
        fixture.add("m", module);

        speak("io/skep/bus/module/m", "no json");
        speak("io/skep/bus/module/m", "{\"header\":[]}");
        speak("io/skep/bus/module/m", "{\"header\":{},\"route\":{}} x");
        speak("io/skep/bus/elsewhere", "{\"header\":{},\"route\":{}}");
        fixture.events.sendEvent(new Event("io/skep/bus/module/m", Map.of("message", 1)));
        speak("io/skep/bus/module/m", "{\"header\":{\"msg_id\":\"good\"},\"route\":{}}");

        assertThat(module.next().id()).isEqualTo("good");
        assertThat(fixture.bus.status().losses()).containsEntry("Malformed", 5L);
    }

    // A bridge may copy an event's properties into an event of its own.
    @Test
    void passesAnEventOnUnderAnotherTopic() {
        TestModule second = new TestModule();
        fixture.add("second", second);
        fixture.bus.addModule("first");
        fixture.events.listen(
                "io/skep/bus/module/first",
                event -> fixture.events.sendEvent(
                        new Event("io/skep/bus/module/second", Map.of("json", event.getProperty("json")))));
        Message sent = message("r/1");

        fixture.bus.send("first", sent);

        assertThat(second.next().id()).isEqualTo(sent.id());
        assertThat(fixture.bus.status().mailboxes().get(0).queued()).isEqualTo(1);
    }

    private void speak(String topic, String json) {
        fixture.events.sendEvent(new Event(topic, Map.of("json", json)));
    }
}
