/**
 * The web page of one run: what its metric topics tell, kept bounded, served by Vert.x and live by server-sent events.
 * And the same as a report: one page for good.
 */
package io.sparring.dashboard;
