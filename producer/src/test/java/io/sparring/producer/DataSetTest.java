package io.sparring.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class DataSetTest {

    private static final List<String> TEN = Collections.nCopies(10, "class");

    @Test
    void keepsItsOwnClassNames() {
        List<String> names = new ArrayList<>(TEN);
        DataSet dataSet = new DataSet("made", names, MadeImages.of(1, 3, 2, 2, 1), MadeImages.of(2, 1, 2, 2, 1));
        names.clear();

        assertThat(dataSet.classNames()).hasSize(10);
    }

    @Test
    void refusesSplitsThatDiffer() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DataSet("made", TEN, MadeImages.of(1, 3, 2, 2, 1), MadeImages.of(2, 1, 2, 3, 1)))
                .withMessageContainingAll("'made'", "3 images of 2 x 2 x 1", "1 images of 2 x 3 x 1", "all must agree");
    }

    @Test
    void refusesClassNamesThatAreNotAsManyAsTheClasses() {
        assertThatIllegalArgumentException().isThrownBy(() ->
                        new DataSet("made", List.of("one"), MadeImages.of(1, 3, 2, 2, 1), MadeImages.of(2, 1, 2, 2, 1)))
                .withMessageContaining("1 class names");
    }
}
