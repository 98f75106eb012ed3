/** How fast Sparring is, what goes over the wire and how it scales: the command {@code bench}. Nothing of it is part of a run. */
package io.sparring.benchmarks;
