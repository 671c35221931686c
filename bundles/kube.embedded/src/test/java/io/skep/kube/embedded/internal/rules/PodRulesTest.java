package io.skep.kube.embedded.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.embedded.internal.storage.Json;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pods that a real server refuses, and how it says so. */
class PodRulesTest {

    /** A pod with one container {@code c} and these fields in its spec. */
    private static List<String> mistakes(String fields) {
        Doc spec = Doc.of(Json.readObject("{" + fields.replace('\'', '"') + "}"));
        if (!spec.has("containers")) {
            spec = spec.with(List.of(Map.of("name", "c", "image", "app:1")), "containers");
        }
        KubeObject pod = PodDefaults.fill(KubeObject.of(Map.of("spec", spec.asMap())));
        Causes causes = new Causes();
        PodValidation.check(pod, causes);
        try {
            causes.throwIfAny(Kinds.POD, "p");
            return List.of();
        } catch (KubeException e) {
            return e.status().details().objects("causes").stream()
                    .map(cause -> cause.text("field") + ": " + cause.text("message"))
                    .toList();
        }
    }

    private static String container(String fields) {
        return "'containers':[{'name':'c','image':'app:1'," + fields + "}]";
    }

    @Test
    void podThatUsesAllOfItIsSound() {
        assertThat(mistakes("'affinity':{'nodeAffinity':{"
                        + "'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':[{"
                        + "'matchExpressions':[{'key':'a.io/x','operator':'Gt','values':['1']},{'key':'b','operator':'Exists'}],"
                        + "'matchFields':[{'key':'metadata.name','operator':'In','values':['n1']}]}]},"
                        + "'preferredDuringSchedulingIgnoredDuringExecution':[{'weight':100,'preference':{"
                        + "'matchExpressions':[{'key':'a','operator':'NotIn','values':['b']}]}}]},"
                        + "'podAntiAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':[{"
                        + "'labelSelector':{'matchLabels':{'a':'b'}},'topologyKey':'kubernetes.io/hostname',"
                        + "'namespaces':['default'],'matchLabelKeys':['pod-template-hash']}]}},"
                        + "'topologySpreadConstraints':[{'maxSkew':1,'topologyKey':'zone','whenUnsatisfiable':'DoNotSchedule',"
                        + "'minDomains':2,'nodeTaintsPolicy':'Honor','labelSelector':{'matchLabels':{'a':'b'}},"
                        + "'matchLabelKeys':['c']}],"
                        + "'readinessGates':[{'conditionType':'x.io/ready'}],"
                        + "'hostAliases':[{'ip':'10.1.2.3','hostnames':['a.b','c']},{'ip':'fe80::1'}],"
                        + "'dnsPolicy':'None','dnsConfig':{'nameservers':['1.1.1.1','2001:db8::1'],'searches':['a.b.'],"
                        + "'options':[{'name':'ndots','value':'2'}]},"
                        + container(
                                "'ports':[{'name':'web-1','containerPort':80,'hostPort':80},"
                                        + "{'containerPort':81,'hostPort':80,'protocol':'UDP'}],"
                                        + "'readinessProbe':{'httpGet':{'port':'web-1'}},"
                                        + "'env':[{'name':'A','valueFrom':{'resourceFieldRef':{'resource':'limits.cpu','divisor':'1m'}}}]")
                        + ",'volumes':[{'name':'a','emptyDir':{'sizeLimit':'1Mi'}},{'name':'b','hostPath':{'path':'/x',"
                        + "'type':'Directory'}},{'name':'d','downwardAPI':{'items':[{'path':'l','fieldRef':{"
                        + "'fieldPath':'metadata.labels'}},{'path':'m','mode':292,'resourceFieldRef':{'containerName':'c',"
                        + "'resource':'limits.memory'}}]}},{'name':'p','projected':{'sources':[{'configMap':{'name':'m'}},"
                        + "{'serviceAccountToken':{'path':'t','expirationSeconds':600}}]}}]"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'requiredDuringSchedulingIgnoredDuringExecution':{} | requiredDuringSchedulingIgnoredDuringExecution"
                        + ".nodeSelectorTerms: Required value: must have at least one node selector term",
                "'preferredDuringSchedulingIgnoredDuringExecution':[{'weight':0}] |"
                        + " preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 0: must be in the"
                        + " range 1-100",
                "'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':[{'matchExpressions':[{'key':'a',"
                        + "'operator':'Is'}]}]} | requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]"
                        + ".matchExpressions[0].operator: Invalid value: \"Is\": not a valid selector operator",
                "'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':[{'matchExpressions':[{'key':'a',"
                        + "'operator':'In'}]}]} | requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]"
                        + ".matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
                "'requiredDuringSchedulingIgnoredDuringExecution':{'nodeSelectorTerms':[{'matchFields':[{"
                        + "'key':'metadata.uid','operator':'In','values':['a']}]}]} |"
                        + " requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchFields[0].key: Invalid"
                        + " value: \"metadata.uid\": not a valid field selector key",
            })
    void affinityToNodesMustMakeSense(String affinity, String mistake) {
        assertThat(mistakes("'affinity':{'nodeAffinity':{" + affinity + "}}"))
                .containsExactly("spec.affinity.nodeAffinity." + mistake);
    }

    @Test
    void affinityToPodsMustMakeSense() {
        assertThat(mistakes("'affinity':{'podAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':[{"
                        + "'topologyKey':'zone','labelSelector':{'matchExpressions':[{'key':'a','operator':'Exists',"
                        + "'values':['b']}]}},{'topologyKey':'zone','matchLabelKeys':['a']}]}}"))
                .containsExactly(
                        "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector"
                                + ".matchExpressions[0].values: Forbidden: may not be specified when `operator` is 'Exists'"
                                + " or 'DoesNotExist'",
                        "spec.affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[1].matchLabelKeys:"
                                + " Forbidden: must not be specified when labelSelector is not set");
        assertThat(mistakes("'affinity':{'podAntiAffinity':{'preferredDuringSchedulingIgnoredDuringExecution':[{"
                                + "'weight':101,'podAffinityTerm':{}}]}}")
                        .subList(0, 2))
                .containsExactly(
                        "spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid"
                                + " value: 101: must be in the range 1-100",
                        "spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].podAffinityTerm"
                                + ".topologyKey: Required value: can not be empty");
    }

    @Test
    void spreadMustMakeSense() {
        assertThat(mistakes("'topologySpreadConstraints':[{'maxSkew':0,'whenUnsatisfiable':'Never','minDomains':1},"
                        + "{'maxSkew':1,'topologyKey':'z','whenUnsatisfiable':'ScheduleAnyway','nodeAffinityPolicy':'No'},"
                        + "{'maxSkew':2,'topologyKey':'z','whenUnsatisfiable':'ScheduleAnyway'}]"))
                .containsExactly(
                        "spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero",
                        "spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty",
                        "spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: \"Never\": supported"
                                + " values: \"DoNotSchedule\", \"ScheduleAnyway\"",
                        "spec.topologySpreadConstraints[0].minDomains: Invalid value: 1: can only use minDomains if"
                                + " whenUnsatisfiable=DoNotSchedule, not Never",
                        "spec.topologySpreadConstraints[1].{topologyKey, whenUnsatisfiable}: Duplicate value: \"{z,"
                                + " ScheduleAnyway}\"",
                        "spec.topologySpreadConstraints[1].nodeAffinityPolicy: Unsupported value: \"No\": supported"
                                + " values: \"Honor\", \"Ignore\"");
    }

    @Test
    void aliasesAndNameServersAreAddresses() {
        assertThat(mistakes("'hostAliases':[{'ip':'256.1.1.1','hostnames':['A']},{'ip':'localhost'},{'ip':'::g'}]"))
                .satisfiesExactly(
                        ip -> assertThat(ip)
                                .isEqualTo("spec.hostAliases[0].ip: Invalid value: \"256.1.1.1\": must be a valid IP"
                                        + " address, (e.g. 10.9.8.7 or 2001:db8::ffff)"),
                        name -> assertThat(name)
                                .startsWith("spec.hostAliases[0].hostnames[0]: Invalid value: \"A\": a"),
                        ip -> assertThat(ip).startsWith("spec.hostAliases[1].ip: Invalid value: \"localhost\""),
                        ip -> assertThat(ip).startsWith("spec.hostAliases[2].ip"));
        assertThat(mistakes("'dnsPolicy':'None'"))
                .containsExactly("spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None");
        assertThat(mistakes("'dnsPolicy':'None','dnsConfig':{}"))
                .containsExactly("spec.dnsConfig.nameservers: Required value: must provide at least one DNS nameserver"
                        + " when `dnsPolicy` is None");
        assertThat(mistakes("'dnsConfig':{'nameservers':['1.1.1.1','1.1.1.2','1.1.1.3','x'],'options':[{}]}"))
                .startsWith("spec.dnsConfig.nameservers: Invalid value: []string{\"1.1.1.1\", \"1.1.1.2\", \"1.1.1.3\","
                        + " \"x\"}: must not have more than 3 nameservers")
                .endsWith("spec.dnsConfig.options[0]: Required value: must not be empty");
    }

    @Test
    void readinessGateIsAConditionsName() {
        assertThat(mistakes("'readinessGates':[{'conditionType':'-'}]").get(0))
                .startsWith("spec.readinessGates[0].conditionType: Invalid value: \"-\": name part must consist of");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Web | must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)",
                "80 | must contain at least one letter (a-z)",
                "a--b | must not contain consecutive hyphens",
                "a- | must not begin or end with a hyphen",
                "abcdefghijklmnop | must be no more than 15 characters",
            })
    void portNamesAreServiceNames(String name, String mistake) {
        String at = "spec.containers[0].ports[0].name: Invalid value: \"" + name + "\": ";

        assertThat(mistakes(container("'ports':[{'containerPort':1,'name':'" + name + "'}]")))
                .containsExactly(at + mistake);
        assertThat(mistakes(container("'livenessProbe':{'tcpSocket':{'port':'" + name + "'}}")))
                .containsExactly(
                        "spec.containers[0].livenessProbe.tcpSocket.port: Invalid value: \"" + name + "\": " + mistake);
    }

    @Test
    void noTwoContainersTakeTheSamePortOfTheHost() {
        assertThat(mistakes("'containers':[{'name':'a','image':'x','ports':[{'containerPort':1,'hostPort':80}]},"
                        + "{'name':'b','image':'x','ports':[{'containerPort':2,'hostPort':80,'hostIP':'127.0.0.1'},"
                        + "{'containerPort':3,'hostPort':80}]}],"
                        + "'initContainers':[{'name':'i','image':'x','ports':[{'containerPort':1,'hostPort':80}]}]"))
                .containsExactly("spec.containers[1].ports[1].hostPort: Duplicate value: \"TCP//80\"");
    }

    @Test
    void onlyInitContainersHaveARestartPolicyOfTheirOwn() {
        assertThat(mistakes(container("'restartPolicy':'Always'")))
                .containsExactly("spec.containers[0].restartPolicy: Forbidden: may not be set for non-init containers");
    }

    @Test
    void resourceThatAVariableShowsIsOneOfAFew() {
        String from = "'env':[{'name':'A','valueFrom':{'resourceFieldRef':{'resource':'%s','divisor':'%s'}}}]";
        String at = "spec.containers[0].env[0].valueFrom.resourceFieldRef";

        assertThat(mistakes(container(from.formatted("limits.gpu", "0"))))
                .containsExactly(at + ".resource: Unsupported value: \"limits.gpu\": supported values: \"limits.cpu\","
                        + " \"limits.ephemeral-storage\", \"limits.memory\", \"requests.cpu\","
                        + " \"requests.ephemeral-storage\", \"requests.memory\"");
        assertThat(mistakes(container(from.formatted("limits.cpu", "1Mi"))))
                .containsExactly(at + ".divisor: Invalid value: \"limits.cpu\": only divisor's values 1m and 1 are"
                        + " supported with the cpu resource");
        assertThat(mistakes(container(from.formatted("limits.memory", "1Mi")))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'hostPath':{'path':'/a/../b'} | .hostPath.path: Invalid value: \"/a/../b\": must not contain '..'",
                "'hostPath':{'path':'/a','type':'Dir'} | .hostPath.type: Unsupported value: \"Dir\": supported values:"
                        + " \"\", \"BlockDevice\", \"CharDevice\", \"Directory\", \"DirectoryOrCreate\", \"File\","
                        + " \"FileOrCreate\", \"Socket\"",
                "'nfs':{'server':'s','path':'a'} | .nfs.path: Invalid value: \"a\": must be an absolute path",
                "'emptyDir':{'sizeLimit':'-1'} | .emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource"
                        + " quantity",
                "'rbd':{'image':'i'} | .rbd.monitors: Required value",
                "'configMap':{'name':'m','defaultMode':512} | .configMap.defaultMode: Invalid value: 512: must be a number"
                        + " between 0 and 0777 (octal), both inclusive",
                "'secret':{'secretName':'m','items':[{'key':'k','path':'..a'}]} | .secret.items[0].path: Invalid value:"
                        + " \"..a\": must not start with '..'",
                "'downwardAPI':{'items':[{'path':'a'}]} | .downwardAPI.items[0]: Required value: one of fieldRef and"
                        + " resourceFieldRef is required",
                "'downwardAPI':{'items':[{'path':'a','fieldRef':{'fieldPath':'spec.nodeName'}}]} |"
                        + " .downwardAPI.items[0].fieldRef.fieldPath: Unsupported value: \"spec.nodeName\": supported"
                        + " values: \"metadata.annotations\", \"metadata.labels\", \"metadata.name\","
                        + " \"metadata.namespace\", \"metadata.uid\"",
                "'downwardAPI':{'items':[{'path':'a','resourceFieldRef':{'resource':'limits.cpu'}}]} |"
                        + " .downwardAPI.items[0].resourceFieldRef.containerName: Required value",
                "'projected':{'sources':[{'serviceAccountToken':{'path':'t','expirationSeconds':5}}]} |"
                        + " .projected.sources[0].serviceAccountToken.expirationSeconds: Invalid value: 5: may not specify a"
                        + " duration less than 10 minutes",
                "'projected':{'sources':[{'secret':{'name':'s','items':[{'key':'k','path':'t'}]}},"
                        + "{'serviceAccountToken':{'path':'t'}}]} | .projected: Invalid value: \"t\": conflicting duplicate"
                        + " paths",
                "'projected':{'sources':[{'secret':{'name':'s'},'configMap':{'name':'m'}}]} |"
                        + " .projected.sources[0].configMap: Forbidden: may not specify more than 1 volume type",
            })
    void volumesMustBeWhatTheyAre(String source, String mistake) {
        assertThat(mistakes("'volumes':[{'name':'v'," + source + "}]")).containsExactly("spec.volumes[0]" + mistake);
    }
}
