package io.skep.kube.embedded.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeList;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.Selector;
import io.skep.kube.api.Status;
import org.junit.jupiter.api.Test;

/** Lists in pages, and lists of a moment. */
class PagesTest extends EmbeddedStoreTest {

    private KubeList page(String token, int limit) {
        return store.list(Kinds.CONFIG_MAP, NS, new ListOptions(Selector.ALL, Selector.ALL, "", limit, token, false));
    }

    private void createThree() {
        create("a");
        create("b");
        create("c");
    }

    private Status refusal(String token) {
        return catchThrowableOfType(KubeException.class, () -> page(token, 1)).status();
    }

    @Test
    void howManyFollowIsToldWhereNothingIsSelected() {
        createThree();

        assertThat(page("", 1).remaining()).isEqualTo(2);
        assertThat(page(page("", 1).continueToken(), 1).remaining()).isEqualTo(1);
        assertThat(store.list(
                                Kinds.CONFIG_MAP,
                                NS,
                                new ListOptions(
                                        Selector.ALL, Selector.parseFields("metadata.name!=x"), "", 1, "", false))
                        .remaining())
                .isZero();
    }

    @Test
    void listWhoseMomentIsForgottenGoesOnAsThingsAreNow() {
        createThree();
        String token = page("", 1).continueToken();
        create("aa");
        reopen();

        Status expired = refusal(token);
        store.delete(key(Kinds.CONFIG_MAP, "b"), DeleteOptions.NONE);
        create("bb");
        KubeList rest = page(expired.continueToken(), 5);

        assertThat(expired.code()).isEqualTo(410);
        assertThat(expired.reason()).isEqualTo(Status.EXPIRED);
        assertThat(expired.message()).contains("use the continue token in this response");
        assertThat(expired.toObject().doc().text("metadata", "continue")).isEqualTo(expired.continueToken());
        assertThat(rest.items()).extracting(KubeObject::name).containsExactly("bb", "c");
    }

    @Test
    void whatIsNoContinueTokenIsABadRequest() {
        assertThat(refusal("gone").code()).isEqualTo(400);
        assertThat(refusal("gone").message()).startsWith("invalid continue token: continue key is not valid");
        assertThat(refusal("e30").message()).contains("server does not recognize this encoded version");
    }

    @Test
    void tokenOfOneKindIsNoneOfAnother() {
        createThree();
        String token = page("", 1).continueToken();

        Status refused = catchThrowableOfType(
                        KubeException.class,
                        () -> store.list(
                                Kinds.SECRET, NS, new ListOptions(Selector.ALL, Selector.ALL, "", 1, token, false)))
                .status();

        assertThat(refused.code()).isEqualTo(410);
    }

    // Clients take this cause for a server that was set back, and list anew.
    @Test
    void listOfAMomentToComeIsATimeout() {
        Status refused = catchThrowableOfType(
                        KubeException.class,
                        () -> store.list(Kinds.CONFIG_MAP, NS, ListOptions.ALL.since("99999999999999999999")))
                .status();

        assertThat(refused.code()).isEqualTo(504);
        assertThat(refused.reason()).isEqualTo(Status.TIMEOUT);
        assertThat(refused.message())
                .startsWith("Timeout: Too large resource version: 99999999999999999999, current: ");
        assertThat(refused.details().objects("causes"))
                .singleElement()
                .satisfies(cause -> assertThat(cause.text("reason")).isEqualTo("ResourceVersionTooLarge"));
        assertThat(refused.retryAfterSeconds()).isEqualTo(1);
    }

    @Test
    void continueAndAMomentAreNotTakenTogether() {
        createThree();
        String token = page("", 1).continueToken();

        assertStatus(
                () -> store.list(
                        Kinds.CONFIG_MAP, NS, new ListOptions(Selector.ALL, Selector.ALL, "1", 1, token, false)),
                400,
                "specifying resource version is not allowed when using continue");
    }
}
