/** Schemas in an Apicurio registry, for those whose other programs expect them there. */
package io.sparring.registry;
