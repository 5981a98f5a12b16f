package io.sshpool.impl.cdi;

import io.sshpool.Pooled;
import io.sshpool.impl.pool.Targets;
import jakarta.enterprise.inject.build.compatible.spi.BeanInfo;
import jakarta.enterprise.inject.build.compatible.spi.BuildCompatibleExtension;
import jakarta.enterprise.inject.build.compatible.spi.Discovery;
import jakarta.enterprise.inject.build.compatible.spi.InjectionPointInfo;
import jakarta.enterprise.inject.build.compatible.spi.Messages;
import jakarta.enterprise.inject.build.compatible.spi.ObserverInfo;
import jakarta.enterprise.inject.build.compatible.spi.Registration;
import jakarta.enterprise.inject.build.compatible.spi.ScannedClasses;
import jakarta.enterprise.inject.build.compatible.spi.Validation;
import jakarta.enterprise.lang.model.AnnotationInfo;
import jakarta.enterprise.lang.model.declarations.ClassInfo;
import jakarta.enterprise.lang.model.declarations.DeclarationInfo;
import jakarta.enterprise.lang.model.declarations.MethodInfo;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * Adds the optional beans, and makes a malformed {@link Pooled @Pooled} value a deployment error that names class and member. The container makes one for each
 * deployment (or build), so that nothing of one deployment is left to the next. What it cannot see (decorators,
 * servlets, resources without a scope, in some containers) is checked when the handle is made.
 */
public final class PooledExtension implements BuildCompatibleExtension {

    private final Set<String> problems = new TreeSet<>();

    /** For the container. */
    public PooledExtension() {}

    /**
     * Adds the beans whose APIs are there: a class that cannot be loaded would end the deployment.
     *
     * @param classes the container's
     */
    @Discovery
    public void optionalBeans(ScannedClasses classes) {
        if (isThere("org.eclipse.microprofile.health.HealthCheck")) {
            classes.add("io.sshpool.impl.health.ReadinessCheck");
        }
    }

    /**
     * Checks the injection points of a bean: fields, and parameters of constructors, initializers, producers and disposers.
     *
     * @param bean any bean
     */
    @Registration(types = Object.class)
    public void bean(BeanInfo bean) {
        for (InjectionPointInfo point : bean.injectionPoints()) {
            // Some containers throw for the declaration of an injection point that another extension made up.
            check(point.qualifiers(), bean.isSynthetic() ? null : point.declaration(), bean.declaringClass());
        }
        if (bean.disposer() != null) {
            method(bean.disposer().disposerMethod());
        }
    }

    /**
     * Checks the parameters of an observer, which are not among the injection points of its bean.
     *
     * @param observer any observer
     */
    @Registration(types = Object.class)
    public void observer(ObserverInfo observer) {
        if (!observer.isSynthetic()) {
            method(observer.observerMethod());
        }
    }

    /**
     * Fails the deployment.
     *
     * @param messages the container's
     */
    @Validation
    public void report(Messages messages) {
        problems.forEach(messages::error);
    }

    private static boolean isThere(String type) {
        try {
            Class.forName(type, false, PooledExtension.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError absent) {
            return false;
        }
    }

    private void method(MethodInfo method) {
        method.parameters().forEach(parameter -> check(parameter.annotations(), parameter, method.declaringClass()));
    }

    private void check(Collection<AnnotationInfo> qualifiers, DeclarationInfo member, ClassInfo owner) {
        for (AnnotationInfo qualifier : qualifiers) {
            if (qualifier.name().equals(Pooled.class.getName()) && qualifier.hasValue()) {
                String key = qualifier.value().asString();
                if (!Targets.isWellFormed(key)) {
                    problems.add(Handles.malformed(key, describe(member, owner)));
                }
            }
        }
    }

    /** The member may be missing where another extension made the bean. */
    private static String describe(DeclarationInfo member, ClassInfo owner) {
        if (member != null && member.isField()) {
            return "field " + member.asField().declaringClass().name() + "."
                    + member.asField().name();
        }
        if (member != null && member.isParameter()) {
            MethodInfo method = member.asParameter().declaringMethod();
            return "parameter " + member.asParameter().name() + " of "
                    + method.declaringClass().name() + "." + (method.isConstructor() ? "<init>" : method.name());
        }
        return "an injection point of " + (owner == null ? "a synthetic bean" : owner.name());
    }
}
