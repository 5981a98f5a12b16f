/** The portable suite on Open Liberty, with the {@code server.xml} that README shows. */
package io.sshpool.it.liberty;
