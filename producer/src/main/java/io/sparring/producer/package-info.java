/** Reads data sets and streams their batches. */
package io.sparring.producer;
