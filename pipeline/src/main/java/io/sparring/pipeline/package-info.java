/** What every service is made of: configuration, Kafka clients, health, metrics, lifecycle. Knows no learning. */
package io.sparring.pipeline;
