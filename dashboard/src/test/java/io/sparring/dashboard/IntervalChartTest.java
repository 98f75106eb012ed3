package io.sparring.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.dashboard.IntervalChart.Point;
import io.sparring.dashboard.IntervalChart.Series;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class IntervalChartTest {

    @Test
    void isAPictureOfItsOwnWithEachIntervalAndEscapedTexts() throws Exception {
        String svg = new IntervalChart("Loss & <gain>", "said", "staleness", "points", List.of("0", "4"), List.of(
                new Series("RPAT", List.of(new Point(0, 0.5, 0.45, 0.55), new Point(1, 0.42, 0.4, 0.44))),
                new Series("PGD-AT", List.of(new Point(1, 0.47, 0.46, 0.48)))), Map.of("margin", 0.41)).svg();

        Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(svg).contains("Loss &amp; &lt;gain&gt;", "RPAT, 4: 42.0 % (40.0 to 44.0 %)", ">margin<", ">40 %<", ">55 %<");
        assertThat(svg.split("class=\"whisker\"", -1)).hasSize(4);
        assertThat(svg).as("the larger value is above").contains("<circle class=\"dot\" cx=\"239.0\" cy=\"166.7\"");
    }

    @Test
    void anAxisGoesFromATickBelowToATickAbove() {
        Axis axis = Axis.around(-0.013, 0.021, 6);
        assertThat(axis.place(-0.013)).isBetween(0.0, 0.3);
        assertThat(axis.ticks(Figures::number)).first().extracting(Axis.Tick::place).isEqualTo(0.0);
        assertThat(axis.ticks(Figures::number)).last().extracting(Axis.Tick::place).isEqualTo(100.0);
        assertThat(Axis.around(0, 0, 6).place(0)).isEqualTo(0);
    }
}
