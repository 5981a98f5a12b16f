/** What only Quarkus has, beside the sample application: Uni and Multi. */
package io.sshpool.it.quarkus;
