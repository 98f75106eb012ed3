package io.sparring.dashboard;

import io.sparring.dashboard.DataTable.Cell;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Confusion matrices as the report shows them: of few classes each count, of many a picture and the most frequent confusions.
 *
 * @param lead of which update and images
 * @param classes a row for each class
 */
record ConfusionView(String lead, List<Matrix> matrices, DataTable classes) {

    /** Of more classes a table of all counts is too large to be read. */
    static final int FEW_CLASSES = 20;
    private static final int MOST_CONFUSIONS = 20;

    /**
     * One matrix.
     *
     * @param heads of its columns, and rows; empty for many classes
     * @param picture address of an image with a pixel for each count, black for all of its class; empty for few classes
     * @param confusions the most frequent ones, for many classes
     */
    record Matrix(String title, List<String> heads, List<Row> rows, String picture, DataTable confusions) {
    }

    record Row(String head, List<Count> counts) {
    }

    /** @param share of the row's images, [0, 1], as CSS has it */
    record Count(int count, String share, boolean right) {
    }

    static ConfusionView of(MeasuredConfusions measured, List<String> classNames) {
        ClassNames names = new ClassNames(classNames);
        String attack = Figures.attack(measured.attack());
        long images = measured.clean().images();
        String lead = "Update " + measured.update().key() + " on " + Figures.count(images)
                + (images < measured.held() ? " of " + Figures.count(measured.held()) : "") + " " + Shown.text(measured.slice())
                + " images, computed for this report on " + Shown.text(measured.computedOn())
                + ". Rows are what an image shows, columns what it is taken for.";
        return new ConfusionView(lead, List.of(
                matrix("Clean: " + rightly(measured.clean()), measured.clean(), names),
                matrix(attack + ", " + Figures.norm(measured.norm()) + " ε " + Figures.number((double) measured.epsilon()) + ": "
                        + rightly(measured.attacked()), measured.attacked(), names)),
                classes(measured, attack, names));
    }

    private static String rightly(ConfusionMatrix matrix) {
        return Figures.count(matrix.correct()) + " of " + Figures.count(matrix.images()) + " rightly ("
                + Figures.percent(share(matrix.correct(), matrix.images())) + ")";
    }

    private static Matrix matrix(String title, ConfusionMatrix matrix, ClassNames names) {
        int classes = matrix.classes();
        if (classes > FEW_CLASSES) {
            return new Matrix(title, List.of(), List.of(), picture(matrix), confusions(matrix, names));
        }
        List<Row> rows = IntStream.range(0, classes).mapToObj(label -> new Row(names.of(label), IntStream.range(0, classes)
                .mapToObj(predicted -> new Count(matrix.count(label, predicted),
                        String.format(Locale.ROOT, "%.3f", matrix.share(label, predicted)), label == predicted)).toList()))
                .toList();
        return new Matrix(title, IntStream.range(0, classes).mapToObj(names::of).toList(), rows, "",
                new DataTable("", List.of(), List.of()));
    }

    private static String picture(ConfusionMatrix matrix) {
        byte[] pixels = new byte[matrix.classes() * matrix.classes()];
        for (int i = 0; i < pixels.length; i++) {
            // the root makes rare confusions visible too
            pixels[i] = (byte) Math.round(255 * (1 - Math.sqrt(matrix.share(i / matrix.classes(), i % matrix.classes()))));
        }
        return PngImage.address(pixels, matrix.classes(), matrix.classes(), 1);
    }

    private static DataTable confusions(ConfusionMatrix matrix, ClassNames names) {
        record Confusion(int label, int predicted, int count) {
        }
        List<Confusion> all = new ArrayList<>();
        for (int label = 0; label < matrix.classes(); label++) {
            for (int predicted = 0; predicted < matrix.classes(); predicted++) {
                if (label != predicted && matrix.count(label, predicted) > 0) {
                    all.add(new Confusion(label, predicted, matrix.count(label, predicted)));
                }
            }
        }
        all.sort(Comparator.comparingInt(Confusion::count).reversed());
        return new DataTable("Most frequent confusions", List.of("Class", "Taken for", "Images"),
                all.stream().limit(MOST_CONFUSIONS).map(each -> DataTable.row(names.of(each.label()), names.of(each.predicted()),
                        Figures.count(each.count()))).toList());
    }

    private static DataTable classes(MeasuredConfusions measured, String attack, ClassNames names) {
        List<List<Cell>> rows = IntStream.range(0, measured.clean().classes()).mapToObj(label -> DataTable.row(names.of(label),
                Figures.count(measured.clean().images(label)), accuracy(measured.clean(), label),
                accuracy(measured.attacked(), label),
                mostly(measured.attacked(), label, names))).toList();
        return new DataTable("Accuracy by class", List.of("Class", "Images", "Clean", attack,
                "Mostly mistaken for, under attack"), rows);
    }

    private static String accuracy(ConfusionMatrix matrix, int label) {
        return Figures.percent(share(matrix.count(label, label), matrix.images(label)));
    }

    private static String mostly(ConfusionMatrix matrix, int label, ClassNames names) {
        return IntStream.range(0, matrix.classes()).filter(predicted -> predicted != label)
                .filter(predicted -> matrix.count(label, predicted) > 0).boxed()
                .max(Comparator.comparingInt(predicted -> matrix.count(label, predicted)))
                .map(predicted -> names.of(predicted) + " (" + matrix.count(label, predicted) + ")").orElse(Figures.NONE);
    }

    private static Double share(long part, long of) {
        return of == 0 ? null : (Double) ((double) part / of);
    }
}
