package io.sparring.learning;

/** What an attack raises. */
public enum AttackLoss {
    /** CE(f(x'), y), as PGD and FGSM do. */
    CROSS_ENTROPY,
    /** KL(softmax f(x) || softmax f(x')), as TRADES does; the labels do not count. */
    KL
}
