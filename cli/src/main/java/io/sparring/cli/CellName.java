package io.sparring.cli;

import io.sparring.pipeline.Setting;
import java.util.regex.Pattern;

/**
 * Under which study and cell the results of a cell are kept.
 *
 * @param study the folder
 * @param cell  the files in it, followed by the seed
 */
record CellName(String study, String cell) {

    /** What studies and cells may be called. */
    static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,39}");

    /** @throws IllegalArgumentException naming the key, unless the text is two names with a slash between them */
    static CellName parse(String key, String text) {
        Setting.require(text.matches(ALLOWED + "/" + ALLOWED), key, text, "STUDY/CELL, such as staleness-cifar10/rpat-0");
        String[] names = text.split("/");
        return new CellName(names[0], names[1]);
    }
}
