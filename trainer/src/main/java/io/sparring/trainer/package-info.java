/** Trains on clean and adversarial batches, publishes updates and checkpoints. */
package io.sparring.trainer;
