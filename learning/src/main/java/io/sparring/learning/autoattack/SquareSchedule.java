package io.sparring.learning.autoattack;

/**
 * What share of an image Square changes at a query (Andriushchenko et al., arXiv 1912.00049, section 5): p begins at 0.8 and is
 * halved after 10, 50, 200, 500, 1,000, 2,000, 4,000, 6,000 and 8,000 queries. As in AutoAttack, these do not scale with how
 * many queries there may be.
 */
final class SquareSchedule {

    private static final double INITIAL = 0.8;
    private static final int[] HALVED_AFTER = {10, 50, 200, 500, 1000, 2000, 4000, 6000, 8000};

    private SquareSchedule() {
    }

    /** @param query from 0 */
    static double share(int query) {
        double share = INITIAL;
        for (int after : HALVED_AFTER) {
            share = query > after ? share / 2 : share;
        }
        return share;
    }
}
