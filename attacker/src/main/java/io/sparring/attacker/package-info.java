/** Crafts adversarial batches against the newest weights. */
package io.sparring.attacker;
