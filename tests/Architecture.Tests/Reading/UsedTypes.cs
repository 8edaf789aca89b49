using Mono.Cecil;
using SandQueue.Environments.Episodes;
using SandQueue.Storage.Model;

namespace SandQueue.Architecture.Tests.Reading;

/// <summary>Collects the types that one type names: in its declaration, its members, their attributes and the bodies of its methods.</summary>
/// <remarks>Constants and <c>nameof</c> leave no trace in a compiled body; <see cref="FolderUses"/> sees those by imports.</remarks>
internal sealed class UsedTypes
{
    private readonly HashSet<TypeReference> _named = new(ReferenceEqualityComparer.Instance);

    private UsedTypes()
    {
    }

    /// <summary>The types that <paramref name="type"/> and everything nested in it name.</summary>
    public static IReadOnlyCollection<TypeReference> Of(TypeDefinition type)
    {
        var used = new UsedTypes();
        used.AddType(type);
        return used._named;
    }

    private void AddType(TypeDefinition type)
    {
        Add(type.BaseType);
        AddAttributes(type);
        AddGenericParameters(type);
        foreach (var implemented in type.Interfaces)
        {
            Add(implemented.InterfaceType);
            AddAttributes(implemented);
        }

        foreach (var field in type.Fields)
        {
            Add(field.FieldType);
            AddAttributes(field);
        }

        foreach (var property in type.Properties)
        {
            Add(property.PropertyType);
            AddAttributes(property);
        }

        foreach (var raised in type.Events)
        {
            Add(raised.EventType);
            AddAttributes(raised);
        }

        foreach (var method in type.Methods) AddMethod(method);
        foreach (var nested in type.NestedTypes) AddType(nested);
    }

    private void AddMethod(MethodDefinition method)
    {
        AddSignature(method);
        AddAttributes(method);
        AddAttributes(method.MethodReturnType);
        AddGenericParameters(method);
        foreach (var parameter in method.Parameters) AddAttributes(parameter);
        foreach (var overridden in method.Overrides) AddSignature(overridden);
        if (!method.HasBody) return;

        foreach (var variable in method.Body.Variables) Add(variable.VariableType);
        foreach (var handler in method.Body.ExceptionHandlers) Add(handler.CatchType);
        foreach (var instruction in method.Body.Instructions) AddOperand(instruction.Operand);
    }

    private void AddOperand(object? operand)
    {
        switch (operand)
        {
            case TypeReference type: Add(type); break;
            case MethodReference method: AddSignature(method); break;
            case CallSite site: AddSignature(site); break;
            case FieldReference field:
                Add(field.DeclaringType);
                Add(field.FieldType);
                break;
        }
    }

    private void AddSignature(IMethodSignature method)
    {
        Add(method.ReturnType);
        foreach (var parameter in method.Parameters) Add(parameter.ParameterType);
        if (method is MethodReference reference) Add(reference.DeclaringType);
        if (method is GenericInstanceMethod generic)
        {
            foreach (var argument in generic.GenericArguments) Add(argument);
        }
    }

    private void AddGenericParameters(IGenericParameterProvider provider)
    {
        foreach (var parameter in provider.GenericParameters)
        {
            AddAttributes(parameter);
            foreach (var constraint in parameter.Constraints) Add(constraint.ConstraintType);
        }
    }

    private void AddAttributes(ICustomAttributeProvider provider)
    {
        foreach (var attribute in provider.CustomAttributes)
        {
            AddSignature(attribute.Constructor);
            foreach (var argument in attribute.ConstructorArguments) AddArgument(argument);
            foreach (var named in attribute.Fields.Concat(attribute.Properties)) AddArgument(named.Argument);
        }
    }

    private void AddArgument(CustomAttributeArgument argument)
    {
        Add(argument.Type);
        switch (argument.Value)
        {
            case TypeReference type: Add(type); break;
            case CustomAttributeArgument boxed: AddArgument(boxed); break;
            case CustomAttributeArgument[] several: Array.ForEach(several, AddArgument); break;
        }
    }

    private void Add(TypeReference? type)
    {
        if (type is null or GenericParameter || !_named.Add(type)) return;

        switch (type)
        {
            case GenericInstanceType generic:
                foreach (var argument in generic.GenericArguments) Add(argument);
                break;
            case FunctionPointerType pointer: AddSignature(pointer); break;
            case IModifierType modified: Add(modified.ModifierType); break;
        }

        if (type is TypeSpecification specification and not FunctionPointerType) Add(specification.ElementType);
    }
}
