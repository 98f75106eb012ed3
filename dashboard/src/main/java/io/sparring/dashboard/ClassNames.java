package io.sparring.dashboard;

import java.util.List;

/**
 * What a data set's classes are called.
 *
 * @param names in the order of the labels; may be empty
 */
record ClassNames(List<String> names) {

    String of(int label) {
        return label >= 0 && label < names.size() ? Shown.text(names.get(label)) : "class " + label;
    }
}
