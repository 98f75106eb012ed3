/** What goes over the wire: records (Avro), topic names, partitions, chunks and serdes. */
package io.sparring.schemas;
