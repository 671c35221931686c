package io.skep.core.api.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResourceVersionsTest {

    @Test
    void versionsAreUnsignedNumbers() {
        assertThat(ResourceVersions.order("9", "10")).hasValue(-1);
        assertThat(ResourceVersions.order("10", "10")).hasValue(0);
        assertThat(ResourceVersions.order("18446744073709551615", "1")).hasValue(1);
    }

    @Test
    void whatIsNoNumberHasNoOrder() {
        assertThat(ResourceVersions.order("abc", "1")).isEmpty();
        assertThat(ResourceVersions.order("1", "")).isEmpty();
    }

    @Test
    void whatIsNoNumberIsLaterThanAnother() {
        assertThat(ResourceVersions.isLater("10", "9")).isTrue();
        assertThat(ResourceVersions.isLater("9", "10")).isFalse();
        assertThat(ResourceVersions.isLater("1", "")).isTrue();
        assertThat(ResourceVersions.isLater("abc", "abc")).isFalse();
    }
}
