/** The portable suite on Payara Micro. */
package io.sshpool.it.payara;
