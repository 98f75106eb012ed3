package io.sparring.dashboard;

import static io.sparring.dashboard.MadeRecords.complete;
import static io.sparring.dashboard.MadeRecords.incomplete;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReportsTest {

    private final Reports reports = new Reports();

    @Test
    void showsEachReportAsItStandsOnTheTopic() {
        reports.add(complete(0, 100, "pgd-20", 535));
        reports.add(complete(0, 0, "clean", 114));
        reports.add(complete(0, 100, "clean", 748));
        Reports.View view = reports.view(List.of());
        assertThat(view.lines()).extracting(Reports.Line::attack).containsExactly("clean", "pgd-20");
        assertThat(view.lines().get(0).reports()).containsExactly(new Reports.Report(0, 0, 0.114, 0.114 - 0.03, 0.114 + 0.03, 1000),
                new Reports.Report(0, 100, 0.748, 0.748 - 0.03, 0.748 + 0.03, 1000));
        assertThat(view.measuring()).isNull();
    }

    @Test
    void aReportThatIsStillCountedHasNoAccuracy() {
        reports.add(incomplete(0, 100, "clean"));
        assertThat(reports.view(List.of()).lines()).isEmpty();
        assertThat(reports.view(List.of()).measuring()).isEqualTo(new Reports.Measuring("clean", "held-out", 100, 1, 4));
        reports.add(complete(0, 100, "clean", 748));
        assertThat(reports.view(List.of()).measuring()).isNull();
        assertThat(reports.view(List.of()).lines()).hasSize(1);
    }

    @Test
    void aCorrectedReportTakesThePlaceOfTheOneBefore() {
        reports.add(complete(0, 100, "clean", 700));
        reports.add(complete(0, 100, "clean", 748));
        assertThat(reports.view(List.of()).lines().get(0).reports()).extracting(Reports.Report::accuracy).containsExactly(0.748);
    }

    @Test
    void ofManyUpdatesSomeAreShownAndAlwaysTheNewest() {
        for (int step = 0; step < 10_000; step++) {
            reports.add(complete(0, step, "clean", step % 1000));
            List<Reports.Report> shown = reports.view(List.of()).lines().get(0).reports();
            assertThat(shown.size()).isLessThanOrEqualTo(UpdateSeries.MOST);
            assertThat(shown.get(shown.size() - 1).step()).isEqualTo(step);
        }
        assertThat(reports.view(List.of()).lines().get(0).reports()).hasSizeGreaterThan(UpdateSeries.MOST / 3)
                .allSatisfy(report -> assertThat(report.accuracy()).isEqualTo(report.step() % 1000 / 1000.0));
    }

    @Test
    void manyAttacksAreBoundedToo() {
        for (int attack = 0; attack < 1_000; attack++) {
            reports.add(complete(0, 1, "attack-" + attack, 1));
        }
        assertThat(reports.view(List.of()).lines()).hasSize(Reports.MOST_SERIES);
    }

    @Test
    void updatesThatALaterIncarnationHasLeftBehindAreNotShown() {
        for (long step : List.of(0L, 100L, 200L, 300L)) {
            reports.add(complete(0, step, "clean", 500 + step));
        }
        reports.add(complete(1, 250, "clean", 900));
        assertThat(steps(List.of())).containsExactly(0L, 100L, 200L, 250L);
        assertThat(steps(List.of(new TrainingSeries.Beginning(0, 1), new TrainingSeries.Beginning(1, 151))))
                .as("it began at step 151, says its first training step").containsExactly(0L, 100L, 250L);
    }

    private List<Long> steps(List<TrainingSeries.Beginning> incarnations) {
        return reports.view(incarnations).lines().get(0).reports().stream().map(Reports.Report::step).toList();
    }
}
