package io.sparring.evaluator;

/**
 * What logits say of labelled images.
 *
 * @param correct how many have their largest logit at their label
 * @param loss mean cross entropy, natural logarithm
 */
record ClassifiedImages(int correct, float loss) {

    /**
     * @param logits shape [images, classes]
     * @param labels shape [images]
     */
    static ClassifiedImages of(float[][] logits, int[] labels) {
        int correct = 0;
        float[] losses = new float[labels.length];
        for (int i = 0; i < labels.length; i++) {
            int largest = largest(logits[i]);
            double sum = 0;
            for (float logit : logits[i]) {
                // less the largest, so that no exponential overflows
                sum += Math.exp(logit - logits[i][largest]);
            }
            losses[i] = (float) (Math.log(sum) - (logits[i][labels[i]] - logits[i][largest]));
            correct += largest == labels[i] ? 1 : 0;
        }
        return new ClassifiedImages(correct, mean(losses));
    }

    /** Where the largest logit is, the first of several. */
    static int largest(float[] logits) {
        int largest = 0;
        for (int k = 1; k < logits.length; k++) {
            largest = logits[k] > logits[largest] ? k : largest;
        }
        return largest;
    }

    static float mean(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += value;
        }
        return (float) (sum / values.length);
    }
}
