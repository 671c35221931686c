package io.skep.kube.embedded.internal.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.Patch;
import io.skep.kube.api.PatchType;
import io.skep.kube.embedded.internal.rules.Schema;
import io.skep.kube.embedded.internal.storage.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StrategicMergeTest {

    private static final Patches PATCHES = new Patches(Schema.load());

    private static Object applied(PatchType type, String object, String patch) {
        return PATCHES.apply(Kinds.POD, KubeObject.of(Json.readObject(object)), new Patch(type, patch))
                .doc()
                .asMap();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "containers merge by name"
                        + "|{'spec':{'containers':[{'name':'a','image':'1'},{'name':'b','image':'1'}]}}"
                        + "|{'spec':{'containers':[{'name':'b','image':'2'},{'name':'c','image':'3'}]}}"
                        + "|{'spec':{'containers':[{'name':'a','image':'1'},{'name':'b','image':'2'},{'name':'c','image':'3'}]}}",
                "an element is deleted by its key"
                        + "|{'spec':{'containers':[{'name':'a'},{'name':'b'}]}}"
                        + "|{'spec':{'containers':[{'name':'a','$patch':'delete'}]}}"
                        + "|{'spec':{'containers':[{'name':'b'}]}}",
                "a list is replaced on request"
                        + "|{'spec':{'containers':[{'name':'a'},{'name':'b'}]}}"
                        + "|{'spec':{'containers':[{'name':'c'},{'$patch':'replace'}]}}"
                        + "|{'spec':{'containers':[{'name':'c'}]}}",
                "an object is replaced on request"
                        + "|{'metadata':{'labels':{'a':'1','b':'2'}}}"
                        + "|{'metadata':{'labels':{'$patch':'replace','c':'3'}}}"
                        + "|{'metadata':{'labels':{'c':'3'}}}",
                "an atomic list is replaced"
                        + "|{'spec':{'tolerations':[{'key':'a'}]}}"
                        + "|{'spec':{'tolerations':[{'key':'b'}]}}"
                        + "|{'spec':{'tolerations':[{'key':'b'}]}}",
                "null removes"
                        + "|{'spec':{'nodeName':'n','hostname':'h'}}"
                        + "|{'spec':{'nodeName':null}}"
                        + "|{'spec':{'hostname':'h'}}",
                "primitive lists are joined and cut"
                        + "|{'metadata':{'finalizers':['a','b']}}"
                        + "|{'metadata':{'$deleteFromPrimitiveList/finalizers':['a'],'finalizers':['c']}}"
                        + "|{'metadata':{'finalizers':['b','c']}}",
                "the order is the patch's"
                        + "|{'spec':{'containers':[{'name':'a'},{'name':'x'},{'name':'b'}]}}"
                        + "|{'spec':{'$setElementOrder/containers':[{'name':'b'},{'name':'a'}],'containers':[{'name':'b','image':'2'}]}}"
                        + "|{'spec':{'containers':[{'name':'b','image':'2'},{'name':'a'},{'name':'x'}]}}",
                "retained keys are all that remains"
                        + "|{'spec':{'volumes':[{'name':'v','emptyDir':{}}]}}"
                        + "|{'spec':{'volumes':[{'name':'v','$retainKeys':['name','configMap'],'configMap':{'name':'c'}}]}}"
                        + "|{'spec':{'volumes':[{'name':'v','configMap':{'name':'c'}}]}}",
                "a new object loses its nulls"
                        + "|{'spec':{}}"
                        + "|{'spec':{'securityContext':{'runAsUser':null,'runAsGroup':1}}}"
                        + "|{'spec':{'securityContext':{'runAsGroup':1}}}"
            })
    void listsAndDirectives(String what, String object, String patch, String result) {
        assertThat(applied(PatchType.STRATEGIC_MERGE, json(object), json(patch)))
                .as(what)
                .isEqualTo(Json.readObject(json(result)));
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    @Test
    void elementWithoutItsKeyIsRefused() {
        assertThatThrownBy(() -> applied(
                        PatchType.STRATEGIC_MERGE, "{\"spec\":{}}", "{\"spec\":{\"containers\":[{\"image\":\"1\"}]}}"))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("does not contain declared merge key: name");
    }

    @Test
    void jsonPatchThatDoesNotApplyIsInvalid() {
        String test = "[{\"op\":\"test\",\"path\":\"/spec/nodeName\",\"value\":\"x\"}]";

        assertThatThrownBy(() -> applied(PatchType.JSON, "{\"spec\":{\"nodeName\":\"y\"}}", test))
                .isInstanceOfSatisfying(
                        KubeException.class, e -> assertThat(e.status().code()).isEqualTo(422));
        assertThatThrownBy(() -> applied(PatchType.JSON, "{}", "[{\"op\":\"fly\",\"path\":\"/a\"}]"))
                .isInstanceOf(KubeException.class);
        assertThatThrownBy(() -> applied(PatchType.JSON, "{}", "{}")).isInstanceOf(KubeException.class);
    }

    @Test
    void jsonPatchRemovesOnlyWhatIsThere() {
        String twice = "[{\"op\":\"add\",\"path\":\"/b\",\"value\":1},{\"op\":\"remove\",\"path\":\"/b\"}%s]";

        assertThat(applied(PatchType.JSON, "{\"a\":1}", twice.formatted(""))).isEqualTo(Json.readObject("{\"a\":1}"));
        assertThat(applied(PatchType.JSON, "{\"a\":[1,2,3]}", "[{\"op\":\"remove\",\"path\":\"/a/1\"}]"))
                .isEqualTo(Json.readObject("{\"a\":[1,3]}"));
        assertThatThrownBy(() ->
                        applied(PatchType.JSON, "{\"a\":1}", twice.formatted(",{\"op\":\"remove\",\"path\":\"/b\"}")))
                .isInstanceOfSatisfying(
                        KubeException.class, e -> assertThat(e.status().code()).isEqualTo(422))
                .hasMessageContaining(
                        "the server rejected our request due to an error in our request: Missing field \"b\"");
    }

    @Test
    void serverSideApplyIsNotOfferedYet() {
        assertThatThrownBy(() -> applied(PatchType.APPLY, "{}", "a: b"))
                .isInstanceOfSatisfying(
                        KubeException.class, e -> assertThat(e.status().code()).isEqualTo(415));
    }
}
