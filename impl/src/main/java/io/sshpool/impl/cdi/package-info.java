/**
 * The pool as beans: {@code SshPoolProducer} makes it from MicroProfile Config, {@code Handles} makes what {@code @Pooled} injects,
 * {@code RequestLeases} gives back what a request borrowed, {@code PooledExtension} checks {@code @Pooled} values at
 * deployment. {@code PoolAssembly} puts a pool together without a container. May use every package.
 */
package io.sshpool.impl.cdi;
