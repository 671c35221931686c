package io.skep.bus.internal.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.bus.internal.swap.SettingChange;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.cm.ConfigurationEvent;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;

/** A setting changed under a component, from the change to the verdict. */
class SettingsTest {

    private static final String PID = "io.skep.store.derby";
    private static final int MANY_LOOKS = 2_000;

    private final FakeComponent component = new FakeComponent(PID);
    private final Queue<Runnable> looks = new ArrayDeque<>();
    private Duration passed = Duration.ZERO;
    private Dictionary<String, Object> configured = readers("2");
    private final Configuration configuration = (Configuration) Proxy.newProxyInstance(
            SettingsTest.class.getClassLoader(),
            new Class<?>[] {Configuration.class},
            (self, call, arguments) -> switch (call.getName()) {
                case "getPid" -> PID;
                case "getFactoryPid" -> null;
                case "getProperties" -> configured;
                case "update" -> {
                    configure(((Dictionary<?, ?>) arguments[0]).get("readers").toString());
                    yield null;
                }
                default -> throw new UnsupportedOperationException(call.toString());
            });
    private final Settings settings;

    SettingsTest() throws Exception {
        component.registered(1);
        component.serves();
        settings = new Settings(
                component.seen(),
                FakeComponent.fake(
                        ConfigurationAdmin.class,
                        Map.of(
                                "listConfigurations",
                                new Configuration[] {configuration},
                                "getConfiguration",
                                configuration)),
                name -> null,
                new Looks() {
                    @Override
                    public void after(Duration pause, Runnable look) {
                        passed = passed.plus(pause);
                        looks.add(look);
                    }

                    @Override
                    public void close() {
                        looks.clear();
                    }
                });
    }

    private static Dictionary<String, Object> readers(String value) {
        return new Hashtable<>(Map.of("readers", value));
    }

    private void configure(String value) {
        configured = readers(value);
        settings.changed(new ConfigurationEvent(FakeComponent.reference(), ConfigurationEvent.CM_UPDATED, null, PID));
    }

    /** Looks until nothing is left to look at, or so often that more of it changes nothing. */
    private void look() {
        for (int i = 0; i < MANY_LOOKS && !looks.isEmpty(); i++) {
            looks.remove().run();
        }
    }

    private void taken(String value, long service) {
        configure(value);
        component.registered(service);
        component.serves();
        look();
    }

    @Test
    void valueWithWhichTheComponentServesIsTheOneToGoBackTo() {
        taken("4", 2);
        assertThat(looks).isEmpty();

        configure("many");
        component.fails("readers = many");
        look();

        assertThat(configured).isEqualTo(readers("4"));
    }

    // A database that is repaired at its start, say: what takes minutes may end badly, too.
    @Test
    void valueIsTakenBackHoweverLateTheComponentFailsWithIt() {
        configure("4");
        component.registered(2);
        look();
        assertThat(passed).isGreaterThan(Duration.ofHours(1));
        assertThat(configured).isEqualTo(readers("4"));

        component.fails("no room for 4 readers");
        look();

        assertThat(configured).isEqualTo(readers("2"));
        assertThat(looks).isEmpty();
    }

    @Test
    void valueOfAComponentThatServesLateIsTakenThen() {
        configure("4");
        component.registered(2);
        look();
        component.serves();
        look();
        assertThat(looks).isEmpty();

        configure("many");
        component.fails("readers = many");
        look();

        assertThat(configured).isEqualTo(readers("4"));
    }

    @Test
    void valueThatFollowsOneNothingIsKnownOfHasTheSameWayBack() {
        configure("4");
        component.registered(2);
        look();

        configure("5");
        component.registered(3);
        look();
        component.fails("no room for 5 readers");
        look();

        assertThat(configured).isEqualTo(readers("2"));
    }

    // The component is down for a moment between the two, and what it failed with is not the new value's.
    @Test
    void valueThatFollowsAFailureIsTriedAndHasTheSameWayBack() {
        configure("many");
        component.fails("readers = many");
        configure("4");

        look();
        assertThat(configured).isEqualTo(readers("4"));

        component.fails("no room for 4 readers");
        look();
        assertThat(configured).isEqualTo(readers("2"));
    }

    @Test
    void formerValueByHandEndsTheWatch() {
        configure("4");
        component.registered(2);
        look();

        configure("2");
        look();

        assertThat(looks).isEmpty();
    }

    @Test
    void whatNothingRunsWithIsGoodAtOnce() {
        component.configuration.state = ComponentConfigurationDTO.UNSATISFIED_REFERENCE;
        component.configuration.service = null;

        configure("4");

        assertThat(looks).isEmpty();
    }

    // A gate that opens for the former instance would take what was never tried.
    @Test
    void supervisorOfAModuleHearsThatTheComponentHasNotStartedWithTheValue() throws Exception {
        component.description.properties = Map.of("module.name", "m");
        SettingChange[] supervised = new SettingChange[1];
        settings.supervisor((module, change) -> {
            supervised[0] = change;
            return true;
        });

        configure("4");

        assertThat(supervised[0].await(Duration.ofMillis(1), () -> false))
                .contains("the component did not start within 0 s");
        assertThat(looks).isEmpty();
        supervised[0].restore();
        assertThat(configured).isEqualTo(readers("2"));
    }

    // File Install reads a file that was written with the values, and sets them once more.
    @Test
    void valueThatIsSetTwiceIsOneChangeWithOneWayBack() throws Exception {
        component.description.properties = Map.of("module.name", "m");
        Queue<SettingChange> supervised = new ArrayDeque<>();
        settings.supervisor((module, change) -> supervised.isEmpty() && supervised.add(change));
        configure("many");
        component.fails("readers = many");

        configure("many");
        look();

        assertThat(supervised.remove().restore()).isTrue();
        assertThat(configured).isEqualTo(readers("2"));
        assertThat(looks).isEmpty();
    }

    @Test
    void valueThatWasFollowedByAnotherHasNoWayBackOfItsOwn() throws Exception {
        component.description.properties = Map.of("module.name", "m");
        Queue<SettingChange> supervised = new ArrayDeque<>();
        settings.supervisor((module, change) -> supervised.isEmpty() && supervised.add(change));
        configure("many");

        configure("4");

        assertThat(supervised.remove().restore()).isFalse();
        assertThat(configured).isEqualTo(readers("4"));
    }

    @Test
    void valueWithWhichTheComponentFailsInTheWordsOfTheOneBeforeIsTakenBackToo() {
        configure("many");
        component.told(Map.of("readers", "many"));
        component.fails("no number");

        configure("lots");
        look();
        assertThat(configured).isEqualTo(readers("lots"));

        component.told(Map.of("readers", "lots"));
        look();
        assertThat(configured).isEqualTo(readers("2"));
        assertThat(looks).isEmpty();
    }

    // What it failed with is shown until the former values have reached it.
    @Test
    void formerValueThatIsPutBackIsNotBlamedForTheFailureOfTheOther() throws Exception {
        component.description.properties = Map.of("module.name", "m");
        Queue<SettingChange> supervised = new ArrayDeque<>();
        settings.supervisor((module, change) -> supervised.add(change));
        configure("many");
        component.told(Map.of("readers", "many"));
        component.fails("no number");
        SettingChange change = supervised.remove();
        assertThat(change.failure()).contains("no number");

        change.restore();

        for (int i = 0; i < MANY_LOOKS; i++) {
            assertThat(change.failure()).isEmpty();
        }
    }
}
