/** CloudHub: the sessions of all nodes, their enrolment, and acknowledged delivery to them. Nothing is exported. */
package io.skep.cloudhub.internal;
