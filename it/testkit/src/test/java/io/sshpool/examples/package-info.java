/** The examples of README.md, which {@link io.sshpool.examples.ReadmeTest} looks for here, and which are run here. */
package io.sshpool.examples;
