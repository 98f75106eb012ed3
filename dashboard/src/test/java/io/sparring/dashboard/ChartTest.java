package io.sparring.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import io.sparring.dashboard.Axis.Tick;
import io.sparring.dashboard.Curve.Point;
import io.sparring.dashboard.DataTable.Cell;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChartTest {

    private static final Chart.Style STYLE = new Chart.Style("loss", "Loss", "What it is.", Figures::number,
            point -> Cell.of(Figures.number(point.y())));

    @Test
    void anAxisHasRoundTicksAndRoomForItsValues() {
        assertThat(Axis.upTo(2.3, 4).ticks(Figures::number)).containsExactly(new Tick(0, "0"), new Tick(33.33, "1"),
                new Tick(66.67, "2"), new Tick(100, "3"));
        assertThat(Axis.upTo(0.37, 4).ticks(Figures::number)).extracting(Tick::text).containsExactly("0", "0.1", "0.2", "0.3", "0.4");
        assertThat(Axis.over(1, 500, 5).ticks(Figures::number)).extracting(Tick::text).containsExactly("100", "200", "300", "400", "500");
        assertThat(Axis.over(-3, 5, 4).ticks(Figures::number)).extracting(Tick::text).containsExactly("-2", "0", "2", "4");
        for (double most : new double[] {0, 1e-12, 7, 123_456_789, 1e300}) {
            Axis axis = Axis.upTo(most, 4);
            assertThat(axis.place(most)).as("%s", most).isBetween(0.0, 1.0);
            assertThat(axis.ticks(Figures::number)).as("%s", most).hasSizeBetween(2, 8);
        }
        assertThat(Axis.over(7, 7, 5).place(7)).as("a single step").isEqualTo(0);
    }

    @Test
    void aCurveIsScaledToTheBoxAndBrokenWhereThereIsNoValue() {
        Curve curve = new Curve("Loss", List.of(Point.of(0, 4.0), Point.of(25, 2.0), Point.of(50, null), Point.of(100, 0.0)));
        Axis across = Axis.over(0, 100, 5);
        Axis up = Axis.upTo(4, 4);
        assertThat(curve.drawn(across, up)).isEqualTo("M0.0 0.0h0L250.0 200.0M1000.0 400.0h0");
        assertThat(curve.dots(across, up)).isEqualTo("M0.0 0.0h0M250.0 200.0h0M1000.0 400.0h0");
        assertThat(curve.band(across, up)).isEmpty();
    }

    @Test
    void anIntervalIsAnAreaThereAndBack() {
        Curve curve = new Curve("Clean", List.of(new Point(0, 0.5, 0.25, 0.75), new Point(10, 0.75, 0.5, 1.0)));
        assertThat(curve.band(Axis.over(0, 10, 5), new Axis(0, 1, 0.2)))
                .isEqualTo("M0.0 100.0L1000.0 0.0L1000.0 200.0L0.0 300.0Z");
        assertThat(List.of(curve.smallest(), curve.largest())).containsExactly(0.25, 1.0);
    }

    @Test
    void theTableHasEveryValueAndScreenReadersHearTheEnds() {
        Chart chart = Chart.of(STYLE, List.of(new Curve("Loss", List.of(Point.of(1, 3.0), Point.of(2, 1.5))),
                new Curve("Perception", Arrays.asList(Point.of(1, null), Point.of(2, 0.25))), new Curve("None", List.of())),
                Axis.upTo(3, 4));
        assertThat(chart.lines()).extracting(Chart.Line::name).containsExactly("Loss", "Perception");
        assertThat(chart.lines()).extracting(Chart.Line::newest).containsExactly("1.5", "0.25");
        assertThat(chart.table().columns()).containsExactly("Step", "Loss", "Perception");
        assertThat(chart.table().rows()).containsExactly(DataTable.row("2", "1.5", "0.25"), DataTable.row("1", "3", "–"));
        assertThat(chart.said()).startsWith("Loss from 3 at step 1 to 1.5 at step 2; Perception from 0.25 at step 2");
    }

    @Test
    void manyValuesHaveNoDotsAndNoneNoPicture() {
        List<Point> many = IntStream.range(0, 512).mapToObj(i -> Point.of(i, (double) i)).toList();
        assertThat(Chart.of(STYLE, List.of(new Curve("Loss", many)), Axis.upTo(511, 4)).lines().get(0).dots()).isEmpty();
        Chart empty = Chart.of(STYLE, List.of(new Curve("Loss", List.of())), Axis.upTo(0, 4));
        assertThat(empty.lines()).isEmpty();
        assertThat(empty.table().rows()).isEmpty();
    }

    @Test
    void numbersHaveAboutFourDigits() {
        assertThat(List.of(Figures.number(0.30000000000000004), Figures.number(1234.56), Figures.number(12345.6), Figures.number(0.0000123),
                Figures.number(3e9), Figures.number(Double.NaN), Figures.number(-2.5), Figures.number(0.0)))
                .containsExactly("0.3", "1,235", "12,350", "1.23e-05", "3.00e+09", "–", "-2.5", "0");
        assertThat(Figures.percent(0.5345)).isEqualTo("53.5 %");
        assertThat(List.of(Figures.attack("pgd-20"), Figures.attack("clean"), Figures.attack("autoattack"), Figures.attack("apgd-ce"),
                Figures.attack("nrr"), Figures.attack(""))).containsExactly("PGD-20", "Clean", "AutoAttack", "APGD-CE", "NRR", "–");
    }
}
