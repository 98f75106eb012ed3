/** Measures each update's accuracy on held-out images, clean and attacked, and reports it. */
package io.sparring.evaluator;
