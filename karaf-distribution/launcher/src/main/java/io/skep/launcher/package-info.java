/**
 * The {@code skep} command: makes, starts and watches instances of the distribution, and runs the demo and the benches.
 * It is plain Java outside OSGi; the shell script beside it only finds a JDK and a built distribution. {@code host} and
 * {@code instance} are what the verbs in the other packages stand on.
 *
 * <p>Exit codes: 0 done, 1 it failed (one line says what, why and how to mend it), 2 wrong usage, 3 what was
 * measured is right but over its budget.
 */
package io.skep.launcher;
