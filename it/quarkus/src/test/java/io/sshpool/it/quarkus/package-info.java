/** The portable suite on Quarkus: packaged, and inside {@code @QuarkusTest}. */
package io.sshpool.it.quarkus;
