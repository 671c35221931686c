package io.skep.kube.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Amounts as they are written. */
class QuantityTest {

    @ParameterizedTest
    @CsvSource({
        "1,1000",
        "500m,500",
        "1Ki,1024000",
        "1e3,1000000",
        "1E3,1000000",
        "+2,2000",
        ".5,500",
        "0,0",
        "-1,-1000"
    })
    void amountIsReadInThousandths(String text, long thousandths) {
        assertThat(Quantity.parse(text).milliValue()).isEqualTo(thousandths);
    }

    // One pod with such an amount took all memory and the API with it.
    @Test
    void amountWithoutEndIsTakenForTheMostThereIs() {
        assertThat(Quantity.parse("1e999999999").value()).isEqualTo(Long.MAX_VALUE);
        assertThat(Quantity.parse("-1e999999999").value()).isEqualTo(-Long.MAX_VALUE);
        assertThat(Quantity.parse("1e-999999999").value()).isEqualTo(1);
        assertThat(Quantity.parse("0e999999999").value()).isZero();
    }

    @Test
    void whatIsNoAmountIsRefused() {
        for (String text : new String[] {"", "one", "1 Gi", "1KiB", "Mi", "1e"}) {
            assertThatThrownBy(() -> Quantity.parse(text)).isInstanceOf(KubeException.class);
        }
    }
}
