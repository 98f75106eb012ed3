package io.sparring.dashboard;

import static io.sparring.dashboard.MadeRecords.window;
import static io.sparring.dashboard.MadeRecords.windowSeen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sparring.schemas.PrequentialWindow;
import io.sparring.schemas.StreamTally;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamSeriesTest {

    private final StreamSeries series = new StreamSeries();

    @Test
    void anEmptyTopicIsAnEmptySeries() {
        assertThat(series.view(List.of()).step()).isEmpty();
        assertThat(series.view(List.of()).shareSeen()).isNull();
    }

    @Test
    void unseenImagesHaveTheAccuracyOfTheTopicAndSeenOnesThatOfTheirCounts() {
        series.add(window(7, 0, 5, 400));
        series.add(windowSeen(15, 0, 10, 600));
        StreamSeries.View view = series.view(List.of());
        assertThat(view.attack()).isEqualTo("pgd-10");
        assertThat(view.shareSeen()).isEqualTo(1);
        assertThat(view.step()).containsExactly(5L, 10L);
        assertThat(view.fromBatch()).containsExactly(0L, 8L);
        assertThat(view.toBatch()).containsExactly(7L, 15L);
        assertThat(view.robust()).containsExactly(0.5, null);
        assertThat(view.robustLower()).containsExactly(0.47, null);
        assertThat(view.robustUpper()).containsExactly(0.53, null);
        assertThat(view.clean()).containsExactly(0.75, null);
        assertThat(view.cleanLower()).containsExactly(0.66, null);
        assertThat(view.cleanUpper()).containsExactly(0.82, null);
        assertThat(view.seenClean()).containsExactly(null, 0.75);
        assertThat(view.seenRobust()).containsExactly(null, 0.75);
    }

    @Test
    void ofAnUpdateTheLatestWindowIsShown() {
        series.add(window(7, 0, 5, 400));
        series.add(window(11, 0, 5, 480));
        assertThat(series.view(List.of()).robust()).containsExactly(0.6);
    }

    @Test
    void whatALaterIncarnationHasLeftBehindIsNotShown() {
        series.add(window(7, 0, 5, 400));
        series.add(window(15, 0, 10, 480));
        series.add(window(23, 1, 8, 440));
        assertThat(series.view(List.of()).step()).containsExactly(5L, 8L);
    }

    @Test
    void countsThatCannotBeAreRefused() {
        PrequentialWindow window = PrequentialWindow.newBuilder(window(7, 0, 5, 400))
                .setUnseen(new StreamTally(800L, 801L, 100L, 75L, List.of())).build();
        assertThatThrownBy(() -> series.add(window)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unseen: 801 of 800 and 75 of 100 images right; allowed: from none to all of them");
        assertThatThrownBy(() -> series.add(window(7, 0, -1, 400))).hasMessage("step: -1; allowed: at least 0");
    }
}
