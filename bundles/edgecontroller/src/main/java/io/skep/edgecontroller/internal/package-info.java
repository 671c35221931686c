/** EdgeController: what nodes are to run goes down, what they report comes up. Nothing is exported. */
package io.skep.edgecontroller.internal;
