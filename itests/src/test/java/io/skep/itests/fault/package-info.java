/** What goes into bundles that a system under test is given. */
package io.skep.itests.fault;
