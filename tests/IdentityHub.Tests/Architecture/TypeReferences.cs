using Mono.Cecil;

namespace IdentityHub.Tests.Architecture;

/// <summary>Every type that a type names, and the member that names it.</summary>
internal static class TypeReferences
{
    public static IEnumerable<(TypeReference Type, string Member)> Of(TypeDefinition type) =>
        OfDeclaration(type).Select(used => (used, ""))
            .Concat(type.Fields.SelectMany(field => Attributes(field).Append(field.FieldType).Select(used => (used, $".{field.Name}"))))
            .Concat(type.Properties.SelectMany(property => Attributes(property).Append(property.PropertyType).Select(used => (used, $".{property.Name}"))))
            .Concat(type.Events.SelectMany(@event => Attributes(@event).Append(@event.EventType).Select(used => (used, $".{@event.Name}"))))
            .Concat(type.Methods.SelectMany(method => OfMethod(method).Select(used => (used, $".{method.Name}"))));

    /// <summary>The type itself and all types it is made of.</summary>
    public static IEnumerable<TypeReference> Unwrap(TypeReference type) => type switch
    {
        GenericInstanceType generic => Unwrap(generic.ElementType).Concat(generic.GenericArguments.SelectMany(Unwrap)),
        FunctionPointerType function => Unwrap(function.ReturnType).Concat(function.Parameters.SelectMany(parameter => Unwrap(parameter.ParameterType))),
        RequiredModifierType required => Unwrap(required.ElementType).Concat(Unwrap(required.ModifierType)),
        OptionalModifierType optional => Unwrap(optional.ElementType).Concat(Unwrap(optional.ModifierType)),
        TypeSpecification made => Unwrap(made.ElementType),
        _ => [type],
    };

    private static IEnumerable<TypeReference> OfDeclaration(TypeDefinition type) =>
        Attributes(type)
            .Concat(type.BaseType is { } parent ? [parent] : [])
            .Concat(type.Interfaces.SelectMany(each => Attributes(each).Append(each.InterfaceType)))
            .Concat(Constraints(type));

    private static IEnumerable<TypeReference> OfMethod(MethodDefinition method) =>
        Attributes(method)
            .Concat(Attributes(method.MethodReturnType))
            .Append(method.ReturnType)
            .Concat(method.Parameters.SelectMany(parameter => Attributes(parameter).Append(parameter.ParameterType)))
            .Concat(Constraints(method))
            .Concat(method.Overrides.SelectMany(OfUse))
            .Concat(method.HasBody ? OfBody(method) : []);

    private static IEnumerable<TypeReference> OfBody(MethodDefinition method) =>
        method.Body.Variables.Select(variable => variable.VariableType)
            .Concat(method.Body.ExceptionHandlers.Select(handler => handler.CatchType).Where(caught => caught is not null))
            .Concat(method.Body.Instructions.SelectMany(instruction => instruction.Operand switch
            {
                TypeReference type => [type],
                MethodReference called => OfUse(called),
                FieldReference field => [field.DeclaringType, field.FieldType],
                CallSite site => site.Parameters.Select(parameter => parameter.ParameterType).Append(site.ReturnType),
                _ => [],
            }));

    private static IEnumerable<TypeReference> OfUse(MethodReference method) =>
        (method is GenericInstanceMethod generic ? generic.GenericArguments : Enumerable.Empty<TypeReference>())
            .Append(method.DeclaringType)
            .Append(method.ReturnType)
            .Concat(method.Parameters.Select(parameter => parameter.ParameterType));

    private static IEnumerable<TypeReference> Constraints(IGenericParameterProvider generic) =>
        generic.GenericParameters.SelectMany(parameter => Attributes(parameter).Concat(parameter.Constraints.Select(constraint => constraint.ConstraintType)));

    private static IEnumerable<TypeReference> Attributes(ICustomAttributeProvider provider) =>
        provider.CustomAttributes.SelectMany(attribute => OfUse(attribute.Constructor)
            .Concat(attribute.ConstructorArguments.SelectMany(OfArgument))
            .Concat(attribute.Properties.Concat(attribute.Fields).SelectMany(named => OfArgument(named.Argument))));

    private static IEnumerable<TypeReference> OfArgument(CustomAttributeArgument argument) => argument.Value switch
    {
        TypeReference type => [argument.Type, type],
        CustomAttributeArgument boxed => OfArgument(boxed),
        CustomAttributeArgument[] all => all.SelectMany(OfArgument),
        _ => [argument.Type],
    };
}
