using Mono.Cecil;

namespace SandQueue.Architecture.Tests.Reading;

/// <summary>A project of <c>src</c> as it was built.</summary>
/// <param name="Name">The name of its folder and of its file, as <c>Workers</c>.</param>
/// <param name="Uses">Which type of it uses which, of any assembly. Sorted and without double.</param>
/// <param name="References">The simple names of the assemblies that it refers to.</param>
internal sealed record CompiledProject(string Name, IReadOnlyList<TypeUse> Uses, IReadOnlyList<string> References)
{
    /// <summary>Reads a built assembly.</summary>
    public static CompiledProject Read(string path)
    {
        using var resolver = Resolver(path);
        using var module = ModuleDefinition.ReadModule(path, new ReaderParameters { AssemblyResolver = resolver });
        var uses = module.Types.Where(IsWritten).SelectMany(UsesOf).Distinct().OrderBy(use => use.ToString(), StringComparer.Ordinal);
        return new(ProjectName(module.Assembly.Name.Name), [.. uses], [.. module.AssemblyReferences.Select(reference => reference.Name)]);
    }

    /// <summary>The name of the project of an assembly.</summary>
    public static string ProjectName(string assembly) => assembly["SandQueue.".Length..];

    // Enum arguments of attributes can be read only where the enum's own assembly is found: beside the project, or where this process has it.
    private static DefaultAssemblyResolver Resolver(string path)
    {
        var resolver = new DefaultAssemblyResolver();
        var loadable = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        foreach (var folder in loadable.Prepend(path).Select(file => Path.GetDirectoryName(file)!).Distinct()) resolver.AddSearchDirectory(folder);
        return resolver;
    }

    // What compiler and generators add on their own stands in other namespaces than ours, or has a name that nobody can write.
    private static bool IsWritten(TypeReference type) =>
        !type.Name.StartsWith('<') && (type.Namespace.Length == 0 || type.Namespace.StartsWith("SandQueue.", StringComparison.Ordinal));

    private static IEnumerable<TypeUse> UsesOf(TypeDefinition type)
    {
        var from = NameOf(type);
        var used = UsedTypes.Of(type).Where(used => used is not TypeSpecification).Select(Outermost).Where(used => used.Scope is not ModuleDefinition || IsWritten(used));
        return used.Select(NameOf).Where(to => to != from).Select(to => new TypeUse(from, to));
    }

    private static TypeReference Outermost(TypeReference type)
    {
        while (type.DeclaringType is { } outer) type = outer;
        return type;
    }

    private static TypeName NameOf(TypeReference type)
    {
        var assembly = type.Scope is ModuleDefinition module ? module.Assembly.Name.Name : type.Scope.Name;
        return new(assembly, type.Namespace, type.Name.Split('`')[0]);
    }
}
