package io.skep.kube.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Selectors as they stand in queries. */
class SelectorTest {

    private static boolean matches(String selector, String... labels) {
        Map<String, String> given = labels.length == 0 ? Map.of() : Map.of(labels[0], labels[1]);
        return Selector.parse(selector).matches(given::get);
    }

    private static void assertRefused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOfSatisfying(KubeException.class, e -> {
            assertThat(e.status().code()).isEqualTo(400);
            assertThat(e.status().reason()).isEqualTo(Status.BAD_REQUEST);
            assertThat(e.getMessage()).startsWith(message);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a=b | a | b | true",
                "a==b | a | b | true",
                "a = b , a != c | a | b | true",
                "a in (b, c) | a | c | true",
                "a in (b,,c) | a | `` | true",
                "a in () | a | `` | true",
                "a notin (b) | x | b | true",
                "a | a | b | true",
                "!a | a | b | false",
                "a= | a | `` | true",
                "in in (in) | in | in | true",
                "a>4 | a | 5 | true",
                "a<4 | a | 5 | false",
                "a>4 | a | five | false",
                "example.com/a=b | example.com/a | b | true",
            })
    void labelSelectorIsReadAsTheRealServerReadsIt(String selector, String key, String value, boolean matches) {
        assertThat(matches(selector, key, value)).isEqualTo(matches);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a=b=c | found '=', expected: ',' or 'end of string'",
                "a b | unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
                "a, | found '', expected: identifier after ','",
                ",a | found ',', expected: !, identifier, or 'end of string'",
                "a in b | unable to parse requirement: found 'b' expected: '('",
                "a in (b | unable to parse requirement: found '', expected: ',' or ')'",
                "a in (= | unable to parse requirement: found '=', expected: ',', ')' or identifier",
                "a=( | unable to parse requirement: found '(', expected: identifier",
                "! | unable to parse requirement: found '', expected: identifier",
                "-a | unable to parse requirement: <nil>: Invalid value: \"-a\": name part must consist of",
                "/a | unable to parse requirement: <nil>: Invalid value: \"/a\": prefix part must be non-empty",
                "a/b/c | unable to parse requirement: <nil>: Invalid value: \"a/b/c\": a qualified name must consist",
                "a=-b | unable to parse requirement: values[0][a]: Invalid value: \"-b\": a valid label must be an",
                "a>b | unable to parse requirement: values[0]: Invalid value: \"b\": for 'Gt', 'Lt' operators, the",
            })
    void badLabelSelectorIsToldInTheRealServersWords(String selector, String message) {
        assertRefused(() -> Selector.parse(selector), message);
    }

    @Test
    void fieldSelectorMayHaveAnyValue() {
        Selector selector =
                Selector.parseFields("involvedObject.fieldPath=spec.containers{a},metadata.name!=x\\,y,b==c d");

        assertThat(selector.requirements())
                .extracting(r -> r.key() + " " + r.operator() + " " + String.join("", r.values()))
                .containsExactly(
                        "b IN c d", "involvedObject.fieldPath IN spec.containers{a}", "metadata.name NOT_IN x,y");
    }

    @Test
    void badFieldSelectorIsToldInTheRealServersWords() {
        assertRefused(
                () -> Selector.parseFields("a=b,spec in (c)"),
                "invalid selector: 'a=b,spec in (c)'; can't understand 'spec in (c)'");
        assertRefused(() -> Selector.parseFields("a=b=c"), "invalid field selector: unescaped character in value: 61");
        assertRefused(() -> Selector.parseFields("a=b\\c"), "invalid field selector: invalid escape sequence: \\c");
        assertRefused(() -> Selector.parseFields("a=b\\"), "invalid field selector: invalid escape sequence: \\");
    }
}
