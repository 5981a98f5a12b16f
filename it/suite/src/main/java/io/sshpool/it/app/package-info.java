/** The sample application that runs on every server: every place where a handle or the pool may be injected or used. */
package io.sshpool.it.app;
